"""What a world with a search engine had planted: ``truth.json``, for calibration and benchmarks, never for the walk."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from penalty_radar.simulation.truth import TRUTH_FILE, ProviderView, SiteTruth


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlantedCampaign(_Frozen):
    """Links that came together: arranged, earned (``wave``) or suffered (``attack``).

    ``seen_on`` are the days on which the index first saw each of its domains, in order: what an export of a day lists
    is what was seen by then; ``source_domains`` are those domains, in the same order. ``reacts_to`` names the fall
    after which the owner bought it, ``near_update`` the update in whose weeks it was placed.
    """

    name: str
    mechanism: str
    site_domain: str
    provider: str
    origin: str
    starts_on: datetime.date
    ends_on: datetime.date
    domain_count: int
    target_paths: tuple[str, ...]
    keywords: tuple[str, ...]
    seen_on: tuple[datetime.date, ...]
    views: tuple[ProviderView, ...]
    reacts_to: str | None = None
    near_update: str | None = None
    source_domains: tuple[str, ...] = ()


class FallenPart(_Frozen):
    """A page, or the queries of one kind, that a fall struck, and how deep without noise."""

    segment: str
    depth_share: float


class PlantedFall(_Frozen):
    """A fall of rankings or of what is measured of them.

    ``depth_share`` is the share of the whole site's clicks (of the tracker's visibility, where only that fell) that it
    takes once settled, without noise; ``parts`` the pages, directories and keyword groups that lost a tenth or more,
    ``queries`` the queries. ``lag_days`` runs from the first link of the campaign to the fall. ``update`` is the update
    that it came with, whatever the cause. ``recovered_on`` is the first day of the new level; null: it lasts.
    """

    name: str
    site_domain: str
    providers: tuple[str, ...]
    cause: str
    starts_on: datetime.date
    settled_on: datetime.date
    depth_share: float
    scope: Literal["site", "page", "mixed", "directory", "tracker"]
    parts: tuple[FallenPart, ...]
    queries: tuple[str, ...]
    lag_days: int | None = None
    campaign: str | None = None
    update: str | None = None
    is_manual: bool = False
    is_recorded: bool = False
    recovery_from_on: datetime.date | None = None
    recovered_on: datetime.date | None = None
    regained_share: float | None = None


class SearchTruth(_Frozen):
    """The whole truth of a portfolio in a world with a search engine."""

    world: str
    seed: int
    last_export_on: datetime.date
    first_performance_on: datetime.date
    last_performance_on: datetime.date
    sites: tuple[SiteTruth, ...]
    campaigns: tuple[PlantedCampaign, ...]
    falls: tuple[PlantedFall, ...]

    @property
    def row_count(self) -> int:
        """Rows of data in all files."""
        return sum(file.row_count for site in self.sites for file in site.files)


def write_search_truth(folder: Path, truth: SearchTruth) -> Path:
    """Write ``truth.json`` into the folder, beside the exports and not among them."""
    path = folder / TRUTH_FILE
    path.write_text(truth.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return path


def read_search_truth(folder: Path) -> SearchTruth:
    """Read ``truth.json`` back; FileNotFoundError where the folder holds no simulated portfolio."""
    return SearchTruth.model_validate_json((folder / TRUTH_FILE).read_text(encoding="utf-8"))
