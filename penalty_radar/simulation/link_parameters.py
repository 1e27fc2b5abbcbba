"""Parameters of links: how they arrive, how long they stand, who sees them, what they look like."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Origin = Literal["natural", "bought", "exchanged", "guest_post", "link_programme", "spam", "unknown"]
Provider = Literal["ahrefs_backlinks", "semrush_backlinks", "semrush_audit"]


class Frozen(BaseModel):
    """Base of every parameter model: no change after reading, no name that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Arrivals(Frozen):
    """How natural referring domains arrive in the world."""

    weekday_factors: tuple[Positive, Positive, Positive, Positive, Positive, Positive, Positive]
    level_sd: Annotated[float, Field(ge=0)]
    level_autocorrelation: Share
    growth_per_year: Positive
    repeat_share: Share


class Lifetime(Frozen):
    """Weibull life of a link, in days."""

    scale_days: Positive
    shape: Positive


class Index(Frozen):
    """How one provider's crawler sees the world."""

    coverage: Share
    spam_coverage: Share
    prompt_share: Share
    lag_mean_days: Positive
    recrawl_mean_days: Positive
    authority_noise: Annotated[float, Field(ge=0)]
    authority_factor: Positive


class LinkKind(Frozen):
    """One kind of linking page: whose work it is and what it looks like in an export."""

    origin: Origin
    lifetime: str
    authority_mean: Positive
    authority_sd: Positive
    zero_traffic_share: Share
    traffic_at_authority_50: Positive
    extra_pages_mean: Annotated[float, Field(ge=0)]
    external_links: tuple[int, int]
    nofollow_share: Share = 0.0
    ugc_share: Share = 0.0
    sponsored_share: Share = 0.0
    image_share: Share = 0.0
    sitewide_share: Share = 0.0
    anchors: dict[str, Share]
    targets: dict[str, Share]
    toxic_mean: Annotated[float, Field(ge=0, le=100)]
    toxic_sd: Positive
    is_farm: bool = False
    is_cross_language: bool = False
    borrows: dict[str, Share] = {}
    is_signed: bool | None = None
    foreign_share: Share = 0.0
    author_share: Share | None = None
    flagged_share: Share | None = None


class Campaign(Frozen):
    """A burst of new referring domains: arranged, earned or suffered."""

    name: str
    kinds: dict[str, Share]
    starts_on: datetime.date
    days: Annotated[int, Field(ge=1)]
    shape: Literal["flat", "decay"]
    domain_count: Annotated[int, Field(ge=1)]
    target: Literal["home", "money", "info", "mixed"]
    visible_in: tuple[Provider, ...]
    truth: Literal["surge", "earned"]
    reverse_share: Share = 0.0
