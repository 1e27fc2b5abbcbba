"""What ``penalty-radar backtest`` does: exports into a warehouse of its own, nights replayed, and what they told.

Beside the warehouse it leaves ``<name>.alarms.csv`` (each finding once, with the night that told it) and
``<name>.backtest.json`` (which nights, which series are reconstructed, and the scores where the truth is known).
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from pydantic import ValidationError

from penalty_radar import walk
from penalty_radar.backtest.nights import list_nights, replay_nights
from penalty_radar.backtest.reconstruction import Reconstruction
from penalty_radar.backtest.scores import ExportDays, Scores, score_alarms
from penalty_radar.rules_in_force import read_rules
from penalty_radar.simulation.search_engine import SearchTruth, read_search_truth
from penalty_radar.simulation.truth import TRUTH_FILE
from reports.messages import say
from transforms.errors import BadInputError, UsageError
from transforms.ingest.listed_sites import unlisted_sites
from transforms.settings import Settings
from transforms.warehouse import open_writer


def run_backtest(
    settings: Settings,
    *,
    from_on: datetime.date | None = None,
    until_on: datetime.date | None = None,
    every: int = 1,
    echo: Callable[[str], None] = print,
) -> pd.DataFrame:
    """Replay nights over the exports of ``settings`` and return what they told, one row per alarm.

    Args:
        settings: where the exports are, and the warehouse to make.
        from_on: first night; default: a year before the last.
        until_on: last night; default: the newest export.
        every: days between two nights.
        echo: takes each line that is said.

    Raises:
        UsageError: the warehouse exists and no backtest made it, or the nights are in the wrong order.
        BadInputError: nothing could be read.
    """
    outcome = settings.warehouse.with_suffix(".backtest.json")
    _clear(settings.warehouse, outcome)
    outcome.parent.mkdir(parents=True, exist_ok=True)
    outcome.write_text("{}\n", encoding="utf-8")  # from here on the warehouse is known to be a backtest's
    files = walk.ingest_paths(settings)
    if not any(file.status == "loaded" for file in files):
        raise BadInputError(settings.exports, "no file that could be read", "a known export", "See docs/sources.md.")
    with open_writer(settings.warehouse) as connection:
        nights = list_nights(connection, from_on, until_on, every)
    if not nights:
        found = f"no night from {from_on} until {until_on}"
        raise UsageError("--from, --until", found, "a first night that is not after the last", "Check the two days.")
    language = settings.language
    echo(say("backtest.nights", language, nights=len(nights), first=nights[0], last=nights[-1], every=every))
    replayed = replay_exports(settings, nights, truth=_find_truth(settings.exports), echo=echo)
    alarms_path = settings.warehouse.with_suffix(".alarms.csv")
    replayed.alarms.to_csv(alarms_path, index=False)
    _write_outcome(outcome, nights, replayed)
    count = len(replayed.alarms)
    echo(say("backtest.written", language, alarms=count, nights=len(nights), path=str(alarms_path)))
    if replayed.scores is not None:
        echo(_tell_scores(replayed.scores, language))
    return replayed.alarms


@dataclass(frozen=True)
class Replayed:
    """What a replay told: alarms, series (site, provider) that were reconstructed, scores where there is a truth."""

    alarms: pd.DataFrame
    reconstructed: tuple[tuple[str, str], ...]
    scores: Scores | None


def replay_exports(
    settings: Settings,
    nights: Sequence[datetime.date],
    *,
    truth: SearchTruth | None = None,
    after_night: Callable[[duckdb.DuckDBPyConnection, datetime.date], None] = lambda connection, night: None,
    echo: Callable[[str], None] = lambda line: None,
) -> Replayed:
    """Replay ``nights`` (in order) over a warehouse into which the exports have been read.

    ``after_night`` may look at the tables of each night: the next one replaces those of a site.
    """
    rules, language = read_rules(settings), settings.language
    walk.list_sites(settings, as_of=nights[-1].isoformat())
    frames = []
    with open_writer(settings.warehouse) as connection:
        series = Reconstruction(connection, nights[0]).series
        if series:
            echo(say("backtest.reconstructed", language, series=len(series)))
        days = export_days(connection)
        replayed = replay_nights(connection, nights, held_back=unlisted_sites(connection), rules=rules)
        for night, new in zip(nights, replayed, strict=True):
            after_night(connection, night)
            frames.append(new)
            for alarm in new.to_dict("records"):
                echo(say(f"backtest.told.{alarm['kind']}", language, **_spoken(alarm, language)))
    alarms = pd.concat(frames, ignore_index=True)
    return Replayed(alarms, series, None if truth is None else score_alarms(alarms, truth, days, nights))


def export_days(connection: duckdb.DuckDBPyConnection) -> ExportDays:
    """By site and provider, the days on which something was exported, in order."""
    days: dict[tuple[str, str], list[datetime.date]] = {}
    for site, provider, day in connection.execute(
        "SELECT DISTINCT site_domain, provider, exported_on FROM ingest.export_files "
        "WHERE status = 'loaded' AND site_domain IS NOT NULL ORDER BY 1, 2, 3"
    ).fetchall():
        days.setdefault((site, provider), []).append(day)
    return days


def _clear(warehouse: Path, outcome: Path) -> None:
    """Remove what an earlier backtest left; a warehouse of real nights is never touched."""
    if not warehouse.exists():
        return
    if not outcome.is_file():
        raise UsageError(
            str(warehouse), "a warehouse that no backtest made", "a new file",
            "Name another --warehouse: replaying would overwrite the nights that were really run.",
        )  # fmt: skip
    warehouse.unlink()
    warehouse.with_suffix(warehouse.suffix + ".wal").unlink(missing_ok=True)


def _spoken(alarm: dict[Hashable, Any], language: str) -> dict[str, Any]:
    days = {name: pd.Timestamp(str(alarm[name])).date() for name in ("night", "starts_on")}
    note = say("backtest.is_reconstructed", language) if alarm["is_reconstructed"] else ""
    return {**{str(name): value for name, value in alarm.items()}, **days, "note": note}


def _find_truth(exports: str) -> SearchTruth | None:
    """The truth beside the exports; None where they are real, or of a world that tells no falls."""
    folder = Path(exports).parent
    if not (folder / TRUTH_FILE).is_file():
        return None
    try:
        return read_search_truth(folder)
    except ValidationError:
        return None


def _write_outcome(path: Path, nights: Sequence[datetime.date], replayed: Replayed) -> None:
    scores = replayed.scores
    told = {
        "nights": [night.isoformat() for night in nights],
        "reconstructed": [{"site_domain": site, "provider": provider} for site, provider in replayed.reconstructed],
        "scores": None if scores is None else dataclasses.asdict(scores) | _counts(scores),
    }
    path.write_text(json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8")


def _counts(scores: Scores) -> dict[str, int]:
    return {"campaigns": scores.campaigns, "in_time": scores.in_time, "told": scores.told}


def _tell_scores(scores: Scores, language: str) -> str:
    lead = "–" if scores.lead_days is None else f"{scores.lead_days:g}"
    return say(
        "backtest.scores", language, in_time=scores.in_time, campaigns=scores.campaigns, lead=lead,
        false=scores.false_a_site_year, surges=scores.false_surges, drops=scores.false_drops,
    )  # fmt: skip
