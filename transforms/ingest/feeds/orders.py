"""What one site wants from one feed, and what became of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["full", "new"]


@dataclass(frozen=True, kw_only=True)
class SearchConsoleOrder:
    """Search performance of one site, by day."""

    site_domain: str
    site_property: str
    """As the API spells it: ``sc-domain:shop.example`` or ``https://www.shop.example/``."""

    today: datetime.date


@dataclass(frozen=True, kw_only=True)
class BacklinkOrder:
    """Backlinks of one site."""

    feed: str
    site_domain: str
    target: str
    mode: str | None
    """How much of the target, in the provider's words; None: its own default here, the whole domain."""

    today: datetime.date
    kind: Kind = "full"
    """``full``: every link. ``new``: those first seen on ``since`` or later."""

    since: datetime.date | None = None


@dataclass(kw_only=True)
class Fetched:
    """What fetching one feed of one site has given so far."""

    saved: list[str] = field(default_factory=list)
    """Names of the files written."""

    unchanged_count: int = 0
    """Answers that were there already, byte for byte."""

    units: int = 0
    """Paid for, where the provider charges."""

    reason: str | None = None
    """Why it stopped before its end; what is saved stays."""

    is_capped: bool = False
    """It stopped because the monthly cap is reached, which is no failure."""
