"""Where linking domains are hosted: invented addresses from ranges that no public site uses."""

from __future__ import annotations

import zlib

from penalty_radar.simulation.pages import SourceSite

CROWDED_SHARE = 0.35
"""Of honest and other domains that sit with one of the large hosts, where a shared subnet means nothing."""
CROWDED_SUBNETS = 30


def find_address(source: SourceSite) -> str:
    """The domain's IPv4 address; the same domain always has the same."""
    chance = zlib.crc32(f"hosting {source.domain}".encode())
    host = 1 + chance % 253
    if source.subnet:
        return f"{source.subnet}.{host}"
    if chance % 100 < CROWDED_SHARE * 100:
        return f"198.19.{chance // 100 % CROWDED_SUBNETS}.{host}"
    return f"100.{64 + chance // 7 % 64}.{chance // 1009 % 256}.{host}"


def find_subnet(source: SourceSite) -> str:
    """Its /24 subnet as Ahrefs spells it: ``192.0.2.xxx``."""
    return f"{find_address(source).rpartition('.')[0]}.xxx"
