"""Which addresses events may be sent to: nobody is to reach into the vendor's network by naming a receiver there."""

import ipaddress
from collections.abc import Iterator
from typing import Final

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE: Final = ipaddress.IPv6Network("::/96")


def is_public(address: str) -> bool:
    """Whether this IP address is one of the internet, whatever other address it carries in it.

    >>> is_public("93.184.215.14"), is_public("2001:4860:4860::8888")
    (True, True)
    >>> [is_public(each) for each in ("10.0.0.1", "::ffff:127.0.0.1", "2002:7f00:1::", "fec0::1", "2130706433")]
    [False, False, False, False, False]
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(_is_global(one) for one in _carried(parsed))


def literal(host: str) -> bool:
    """Whether the host is written as an IP address, not as a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _carried(address: IPAddress) -> Iterator[IPAddress]:
    """The address, and those of IPv4 that gateways would take out of it."""
    yield address
    if isinstance(address, ipaddress.IPv4Address):
        return
    teredo = address.teredo or ()
    yield from (one for one in (address.ipv4_mapped, address.sixtofour, *teredo) if one is not None)
    if address in NAT64 or address in COMPATIBLE:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _is_global(address: IPAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return True  # what it carries decides
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
