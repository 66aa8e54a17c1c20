"""The one functional cookie (G-70): `__Host-`, so that no other host or path can set or read it."""

from services.gateway.domain.session import COOKIE
from services.gateway.handlers.desk import Cookie


def set_cookie(cookie: Cookie) -> dict[str, str]:
    """The header that gives a browser its session; it ends with the browser."""
    return {"Set-Cookie": f"{COOKIE}={cookie.value}; Path=/; Secure; HttpOnly; SameSite=Lax"}


def drop_cookie() -> dict[str, str]:
    """The header that takes the session from a browser."""
    return {"Set-Cookie": f"{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"}
