"""What was planted, as ``truth.json`` says it: read by the demo and by benchmarks, never by the walk."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

TRUTH_FILE = "truth.json"

Kind = Literal["surge", "drop", "trap"]
TrapName = Literal["earned", "outage", "season", "other_index"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProviderView(_Frozen):
    """How one provider shows a planted surge: days of first sight and referring domains still listed.

    ``main_ends_on`` is the day by which nine tenths of them had been seen; stragglers follow.
    """

    provider: str
    starts_on: datetime.date
    main_ends_on: datetime.date
    domain_count: int


class PlantedFinding(_Frozen):
    """A surge or drop that must be found, or a trap that must not be mistaken for one.

    ``size`` is the number of referring domains placed (surges, earned links) or the share of clicks lost (drops,
    seasons); ``ends_on`` is null for what lasts. ``settled_on`` is the first day at a drop's full depth.
    ``allowed_origins`` are origins under which a surge finding over a trap is no false alarm.
    """

    name: str
    kind: Kind
    site_domain: str
    providers: tuple[str, ...]
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    settled_on: datetime.date | None = None
    size: float
    origin: str | None = None
    cause: str | None = None
    surge_name: str | None = None
    trap: TrapName | None = None
    allowed_origins: tuple[str, ...] = ()
    views: tuple[ProviderView, ...] = ()


class WrittenFile(_Frozen):
    """An export file that was written: path under the exports folder, rows of data and size."""

    path: str
    row_count: int
    byte_count: int


class SiteTruth(_Frozen):
    """One site: what its world is, its files, and whose work each referring domain's links are."""

    site_domain: str
    world: str
    files: tuple[WrittenFile, ...]
    domain_origins: dict[str, str]


class Truth(_Frozen):
    """The whole truth of a simulated portfolio.

    ``results_page_break_on`` is the data break that all search performance shows: impressions step down, clicks do not.
    """

    seed: int
    last_export_on: datetime.date
    results_page_break_on: datetime.date
    sites: tuple[SiteTruth, ...]
    findings: tuple[PlantedFinding, ...]

    def of_kind(self, kind: Kind) -> tuple[PlantedFinding, ...]:
        """The planted findings of one kind, in order of site and day."""
        return tuple(finding for finding in self.findings if finding.kind == kind)

    @property
    def row_count(self) -> int:
        """Rows of data in all files."""
        return sum(file.row_count for site in self.sites for file in site.files)


def write_truth(folder: Path, truth: Truth) -> Path:
    """Write ``truth.json`` into the folder, beside the exports and not among them."""
    path = folder / TRUTH_FILE
    path.write_text(truth.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return path


def read_truth(folder: Path) -> Truth:
    """Read ``truth.json`` back; FileNotFoundError where the folder holds no simulated portfolio."""
    return Truth.model_validate_json((folder / TRUTH_FILE).read_text(encoding="utf-8"))


def written_paths(folder: Path) -> tuple[str, ...]:
    """Paths under the exports folder that an earlier simulation of any world says it wrote.

    Empty where its ``truth.json`` cannot be read: nobody then knows whose files they are, and they stay.
    """
    try:
        return _WrittenTruth.model_validate_json((folder / TRUTH_FILE).read_text(encoding="utf-8")).paths
    except (ValidationError, UnicodeDecodeError):
        return ()


class _WrittenSite(BaseModel):
    files: tuple[WrittenFile, ...]


class _WrittenTruth(BaseModel):
    """What every ``truth.json`` says of files, whatever world it is of."""

    sites: tuple[_WrittenSite, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(file.path for site in self.sites for file in site.files)
