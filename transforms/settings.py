"""The one place settings come from: environment variables over an optional ``penalty_radar.toml``, validated, frozen.

Every field ``thing`` is set by ``PENALTY_RADAR_THING`` or by ``thing = ...`` in the file; the environment wins.
Imports stay light (no pandas, no DuckDB): DAG files read the schedule from here while they are parsed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from transforms.errors import UsageError

PREFIX = "PENALTY_RADAR_"
FILE_NAME = "penalty_radar.toml"
CHANNEL_NAME = r"[a-z][a-z0-9_]*"
"""How a channel may be called: its name is part of an environment variable's."""


class Settings(BaseModel):
    """What a run needs to know that is not in the exports. Paths are absolute after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exports: str = Field(default="exports", description="Folder (or fsspec URL) into which exports are dropped.")
    warehouse: Path = Field(default=Path("var/warehouse.duckdb"), description="The DuckDB file; made when absent.")
    sites: Path = Field(
        default=Path("sites.toml"), description="The monitored sites; without the file they are inferred from exports."
    )
    rules: Path = Field(
        default=Path("rules.toml"),
        description="The team's own rules of link origins; without the file the bundled ones hold alone.",
    )
    public_suffix_list: Path | None = Field(
        default=None, description="A newer public suffix list than the bundled one; `doctor` says how old that is."
    )
    mappings: Path | None = Field(
        default=None, description="Folder of mapping files for all exports; those among the exports apply without it."
    )
    report: Path = Field(default=Path("var/report"), description="Folder the HTML report is written to.")
    alerts_file: Path = Field(default=Path("var/alerts.jsonl"), description="Alerts as JSON lines, beside the console.")
    report_url: str | None = Field(
        default=None, description="Address at which people open the report; without it messages name the file."
    )
    team_channel: str | None = Field(
        default=None,
        pattern=f"^{CHANNEL_NAME}$",
        description="Channel (docs/alerts.md) for what no recipient of sites.toml gets, and for failures of the DAGs.",
    )
    digest_hour: int = Field(default=8, ge=0, le=23, description="Hour of the digest, in the recipient's time zone.")
    quiet_hours: str = Field(
        default="22-7",
        pattern=r"^(([01]?\d|2[0-3])-([01]?\d|2[0-3]))?$",
        description="Hours in which nobody is paged, in the recipient's time zone; empty: none.",
    )
    manual_action_wakes: bool = Field(
        default=False, description="Whether a manual action pages people in their quiet hours as well."
    )
    picture_seconds: float = Field(
        default=30.0, ge=0, le=300, description="How long messages wait for their charts; 0: no charts."
    )
    state: Path = Field(default=Path("var/state"), description="Folder for what the feeds asked and what it cost.")
    search_console_connection: str = Field(default="search_console", description="Airflow connection of that feed.")
    ahrefs_connection: str = Field(default="ahrefs", description="Airflow connection of that feed.")
    semrush_connection: str = Field(default="semrush", description="Airflow connection of that feed.")
    ahrefs_monthly_cap: int | None = Field(
        default=None, ge=0, description="Units that fetching may spend in a calendar month, all sites together."
    )
    semrush_monthly_cap: int | None = Field(
        default=None, ge=0, description="Units that fetching may spend in a calendar month, all sites together."
    )
    ahrefs_units_per_request: int = Field(default=50, ge=1, description="Price of an Ahrefs request, at least.")
    ahrefs_units_per_row: int = Field(default=17, ge=1, description="Price of a link: one unit a field asked for.")
    semrush_units_per_row: int = Field(default=40, ge=1, description="Price of a link.")
    language: Literal["en", "nl"] = Field(default="en", description="Language of terminal, alerts and first page.")
    time_zone: str = Field(default="Europe/Amsterdam", description="Time zone of schedule and cutoff.")
    schedule: str = Field(default="0 5 * * *", description="Cron of the nightly ingest, in time_zone.")
    cutoff: str = Field(default="0 7 * * *", description="Cron at which the night is assessed with what there is.")
    delivery: str = Field(
        default="*/15 * * * *", description="Cron at which due messages are sent, and failed ones tried again."
    )
    batch_size: int = Field(default=200, ge=1, le=10_000, description="Files in one mapped ingest task.")
    lock_timeout_seconds: float = Field(
        default=60.0, ge=0, description="How long to wait for another writer of the warehouse."
    )

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("a time zone such as Europe/Amsterdam was expected") from error
        return value


def load_settings(environ: Mapping[str, str], folder: Path) -> Settings:
    """Settings from ``folder/penalty_radar.toml`` (if there) and ``environ``; relative paths are below ``folder``.

    Raises:
        UsageError: an unknown name, or a value that does not fit, naming which and what was expected.
    """
    path = folder / FILE_NAME
    values: dict[str, Any] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(str(path), str(error), "valid TOML in UTF-8", "Mend the file.") from error
    for name in Settings.model_fields:
        if (value := environ.get(PREFIX + name.upper())) is not None:
            values[name] = value
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise _usage_error(f"settings ({path} and {PREFIX}*)", error) from error
    return _absolute(settings, folder)


def _absolute(settings: Settings, folder: Path) -> Settings:
    paths = ("warehouse", "sites", "rules", "report", "alerts_file", "state")
    changes: dict[str, Any] = {name: (folder / getattr(settings, name)).resolve() for name in paths}
    for name in ("public_suffix_list", "mappings"):
        if (given := getattr(settings, name)) is not None:
            changes[name] = (folder / given).resolve()
    if "://" not in settings.exports:
        changes["exports"] = str((folder / settings.exports).resolve())
    return settings.model_copy(update=changes)


def _usage_error(where: str, error: ValidationError) -> UsageError:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "value"
    return UsageError(
        f"{where}, {name}", repr(first.get("input")), first["msg"].lower(), "See docs/settings.md for every setting."
    )
