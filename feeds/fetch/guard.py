"""Which addresses may be asked: the public ones, and what the operator allows beyond.

Asked before a socket is connected, so that the address that was checked is the address that is
connected to, at every hop, whatever a name resolved to a moment ago (DNS rebinding).
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")  # RFC 8215
SITE_LOCAL = IPv6Network("fec0::/10")  # RFC 3879
DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637
GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 2.4: what IANA gives out; the rest has other uses, or none yet
RELAY_6TO4, SIX_TO_FOUR = IPv4Network("192.88.99.0/24"), IPv6Network("2002::/16")  # RFC 7526: out of use
CGNAT = IPv4Network("100.64.0.0/10")  # RFC 6598
METADATA = frozenset({ip_address("169.254.169.254"), ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})

# inet_aton reads 2130706433, 0x7f.1 and 0177.0.0.1 as addresses; a name of a publisher never looks so.
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}\.?", re.IGNORECASE)


class RefusedError(OSError):
    """An address that may not be asked, and why."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return what `poll.allow_networks` names; ValueError for what is not a network."""
    return tuple(ip_network(text, strict=False) for text in texts)


def why_not(address: Address, allowed: tuple[Network, ...] = ()) -> str | None:
    """Return why an address may not be asked, or None when it may."""
    if any(address in network for network in allowed if network.version == address.version):
        return None
    return _kind(address)


def is_port(number: int | None) -> bool:
    """Return whether a URL's port is one, or left to its scheme."""
    return number is None or 0 < number < 2**16


def why_not_host(host: str, allowed: tuple[Network, ...] = ()) -> str | None:
    """Return why a host as written in a URL may not be asked, before any name is resolved.

    An address spelt as a decimal, hexadecimal or octal number is refused whatever it means.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        if _NUMERIC_HOST.fullmatch(host):
            return f"{host} is an address in disguise"
        return None
    return why_not(address, allowed)


def _kind(address: Address) -> str | None:
    if address in METADATA:
        return f"{address} is a cloud's metadata service"
    if isinstance(address, IPv6Address):
        reason = _kind_of_six(address)
        if reason:
            return reason
    if address.is_unspecified:
        return f"{address} means this machine"
    if address.is_loopback:
        return f"{address} is a loopback address"
    if address.is_link_local:
        return f"{address} is a link-local address"
    if address.is_multicast:
        return f"{address} is a multicast address"
    if address in CGNAT:
        return f"{address} is inside a carrier's network (CGNAT)"
    if any(address in network for network in (SITE_LOCAL, RELAY_6TO4, SIX_TO_FOUR)):
        return f"{address} is not a public address"
    if not address.is_global or (isinstance(address, IPv6Address) and not _is_given_out(address)):
        return f"{address} is a private or reserved address"
    return None


def _is_given_out(address: IPv6Address) -> bool:
    return address in NAT64 or (address in GLOBAL_UNICAST and address not in DOCUMENTATION)


def _kind_of_six(address: IPv6Address) -> str | None:
    if address.ipv4_mapped is not None:
        # Python 3.13 writes the last half of such an address otherwise than 3.11.
        return f"::ffff:{address.ipv4_mapped} is {address.ipv4_mapped} in disguise (IPv4-mapped)"
    if address in NAT64_LOCAL:
        return f"{address} is a local NAT64 address"
    inner: IPv4Address | None = None
    if address in NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    elif address.sixtofour is not None:
        inner = address.sixtofour
    elif address.teredo is not None:
        inner = address.teredo[1]
    elif int(address) >> 32 == 0 and int(address) > 1:
        return f"{address} is {IPv4Address(int(address))} in disguise (IPv4-compatible)"
    if inner is not None and (hidden := _kind(inner)):
        return f"{address} leads to {hidden}"
    return None
