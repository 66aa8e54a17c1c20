"""Whether a form or a script of another site sent a request in a visitor's name (CSRF)."""

from urllib.parse import urlsplit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def same_origin(method: str, public_url: str, origin: str | None, fetch_site: str | None) -> bool:
    """Whether a request that changes something came from our own pages or from a program.

    Browsers send Origin or Sec-Fetch-Site with every form post; a program that sends neither carries no
    visitor's cookie unless it was given one. The literal `null` (sandboxed pages) is a stranger.
    """
    if method in SAFE:
        return True
    if fetch_site is not None and fetch_site not in ("same-origin", "none"):
        return False
    if origin is None:
        return True
    ours = urlsplit(public_url)
    return origin == f"{ours.scheme}://{ours.netloc}"
