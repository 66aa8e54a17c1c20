"""From where a request comes: an address as far as it can be trusted, and the kind of device (G-11)."""

import ipaddress

from contracts.accounts.api import DeviceType


def address_of(remote: str | None, forwarded: str, proxies: int) -> str | None:
    """The client's address behind a number of proxies of ours; each wrote one at the end of X-Forwarded-For.

    What stands before those could be written by anybody. A network of IPv6 counts as one place: a home has
    more addresses than there are stars.
    """
    listed = [part.strip() for part in forwarded.split(",") if part.strip()]
    claimed = listed[-proxies] if 0 < proxies <= len(listed) else remote
    try:
        known = ipaddress.ip_address(claimed or "")
    except ValueError:
        return None
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False).network_address)


def device_of(agent: str) -> DeviceType:
    """What kind of device a browser says it runs on; what is no browser is a program."""
    if "Mozilla/" not in agent:
        return "program"
    if "iPad" in agent or "Tablet" in agent or ("Android" in agent and "Mobile" not in agent):
        return "tablet"
    return "phone" if "Mobi" in agent else "computer"
