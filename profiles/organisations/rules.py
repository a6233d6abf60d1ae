"""From where and at which hours a body's staff may work (GB/T 22239-2019 8.1.4.2 f: limits on the terminal's address)."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterable


def read_network(text: str) -> str:
    """`10.2.0.0/16`, `192.168.1.7` or their IPv6 kin in canonical form; raises ValueError."""
    return str(ipaddress.ip_network(text.strip(), strict=False))


def may_work(
    *, networks: Iterable[str], open_from: dt.time | None, open_until: dt.time | None, address: str, at: dt.time
) -> str | None:
    """None, or which rule refuses: `network`, `hours`. No networks: from everywhere; no hours: at all times."""
    networks = list(networks)
    if networks:
        client = ipaddress.ip_address(address)
        client = getattr(client, "ipv4_mapped", None) or client
        if not any(client in ipaddress.ip_network(network) for network in networks):
            return "network"
    if open_from is not None and open_until is not None and not open_from <= at < open_until:
        return "hours"
    return None
