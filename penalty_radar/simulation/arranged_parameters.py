"""Parameters of how links are arranged, beside natural growth: purchases, swaps, networks, attacks.

Units and reasons stand beside every value in ``worlds/origins_fit.toml``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penalty_radar.simulation.link_parameters import Frozen, Positive, Share

Count = Annotated[float, Field(ge=0)]
Between = tuple[int, int]
"""Least and most, both possible, all alike likely."""
Scores = tuple[float, float]


class CommonSources(Frozen):
    """Honest domains that link to many sites: national papers, directories, forums."""

    per_language: Annotated[int, Field(ge=1)]
    kinds: dict[str, Share]
    link_share: Share


class Shops(Frozen):
    """Blogs on everything that sell links to whoever pays; their owners' whole business."""

    per_language: Annotated[int, Field(ge=1)]
    kinds: dict[str, Share]


class PurchaseBatches(Frozen):
    """One order at a link seller: one week, one band of authority, one commercial page, few anchors."""

    per_site_mean: Count
    domain_count: Between
    days: Between
    authority: Scores
    authority_sd: Positive
    keyword_count: Between
    kinds: dict[str, Share]
    shop_share: Share


class Rentals(Frozen):
    """Batches that are paid by the month and taken away together when the payments end."""

    per_site_mean: Count
    domain_count: Between
    days: Between
    months: tuple[int, ...]
    late_days: Between
    removal_days: Between
    still_listed_share: Share
    kinds: dict[str, Share]


class Trickle(Frozen):
    """Single links over the whole history; ``sites_share`` is the share of sites that do this at all."""

    sites_share: Share
    per_site_mean: Count
    kinds: dict[str, Share]
    shop_share: Share = 0.0


class Waves(Frozen):
    """Waves of new domains of some kinds, each wave within so many days."""

    per_site_mean: Count
    domain_count: Between
    days: Between
    kinds: dict[str, Share]


class Swaps(Frozen):
    """Direct exchanges: the site links back within ``back_days`` days, before or after."""

    sites_share: Share
    per_site_mean: Count
    back_days: Annotated[int, Field(ge=1)]
    kinds: dict[str, Share]


class Rings(Frozen):
    """A links to B, B to C, C to A, so that no pair links both ways; some members are monitored sites."""

    count: Annotated[int, Field(ge=0)]
    sizes: dict[str, Share]
    monitored_share: Share
    days: Between
    kinds: dict[str, Share]


class Agreements(Frozen):
    """Several monitored sites that agree to link to each other."""

    count: Annotated[int, Field(ge=0)]
    site_count: Between
    pair_share: Share
    days: Between
    kinds: dict[str, Share]


class Networks(Frozen):
    """Private networks: the same many domains link to the same several targets within days."""

    count: Annotated[int, Field(ge=0)]
    source_count: Between
    target_count: Between
    days: Between
    hit_share: Share
    keyword_count: Between
    shared_path_share: Share
    shared_title_share: Share
    subnet_count: Between
    kinds: dict[str, Share]


class Reciprocity(Frozen):
    """Honest links back: the share of linking domains follows a lognormal over sites, the days are unrelated."""

    median_share: Share
    log_sd: Positive
    most_share: Share


class Outgoing(Frozen):
    """Ordinary outgoing links of a site to others that do not link to it."""

    count: Between
    neighbour_share: Share


class Arrangements(Frozen):
    """Everything that is arranged in a world, and the honest links between sites that must not be mistaken for it."""

    common_sources: CommonSources
    shops: Shops
    purchase_batches: PurchaseBatches
    rentals: Rentals
    single_purchases: Trickle
    guest_rounds: Waves
    single_guest_posts: Trickle
    swaps: Swaps
    rings: Rings
    agreements: Agreements
    networks: Networks
    packages: Waves
    attacks: dict[str, Waves]
    reciprocity: Reciprocity
    outgoing: Outgoing


class Portfolio(Frozen):
    """Sites drawn from the trades, instead of sites described one by one."""

    trades: tuple[str, ...]
    site_count: Annotated[int, Field(ge=1)]
    link_daily_mean: Scores
    link_dispersion: Scores
    background_spam_share: Scores
    link_exports: tuple[tuple[str, ...], ...]
    outgoing_exports: tuple[tuple[str, ...], ...]
