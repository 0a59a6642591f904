"""Where a request comes from: the peer, or what our own proxies say of it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]
NOWHERE = IPv6Address(0)
"""Of a peer without an address, as on a socket of the same machine."""


def networks(listed: str) -> Networks:
    """The networks in a list with commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())


def client(request: Request, trusted: Networks) -> Address:
    """The address the request comes from."""
    peer = _address(request.client.host if request.client else "") or NOWHERE
    return nearest_stranger(peer, request.headers.getlist("x-forwarded-for"), trusted)


def nearest_stranger(peer: Address, forwarded: Sequence[str], trusted: Networks) -> Address:
    """The peer if it isn't ours, else the last in `X-Forwarded-For` that isn't: whatever is before it, anyone may have written.

    What can't be read is nobody's word: the hop that passed it on is the last one known.
    """
    nearest = peer
    for hop in reversed(",".join(forwarded).split(",")):
        before = _address(hop.strip())
        if before is None or not _is_in(nearest, trusted):
            break
        nearest = before
    return nearest


def _is_in(address: Address, trusted: Networks) -> bool:
    return any(address.version == network.version and address in network for network in trusted)


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found
