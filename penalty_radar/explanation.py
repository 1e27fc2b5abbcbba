"""``penalty-radar explain``: the evidence behind a site's risk, a link's origin, a surge or a drop."""

from __future__ import annotations

import datetime
import json

import duckdb
from rich.console import Console
from rich.table import Table

from penalty_radar.origin_explanation import explain_domain, explain_link
from penalty_radar.profile_explanation import print_profile
from reports.messages import say
from reports.surge_words import say_excess, say_shape
from transforms.errors import UsageError
from transforms.settings import Settings
from transforms.warehouse import open_reader

LEAST_WIDTH = 100
"""Columns of a line in a file or a pipe, which have no width: what the tables are made for."""


def print_explanation(settings: Settings, subject: str) -> None:
    """Print what the published warehouse knows of ``subject``.

    Raises:
        UsageError: nothing of that name; says what can be named.
    """
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)
    with open_reader(settings.warehouse) as connection:
        found = [
            explain(connection, console, subject, settings.language)
            for explain in (_explain_site, explain_domain, explain_link, _explain_surge, _explain_drop)
        ]
    if not any(found):
        raise UsageError(
            "SUBJECT",
            repr(subject),
            "a monitored or referring domain, a linking URL, a link_id, a surge_id or a drop_id",
            "Take one from the report.",
        )


def _explain_site(connection: duckdb.DuckDBPyConnection, console: Console, subject: str, language: str) -> bool:
    rows = connection.execute(
        "SELECT day, risk_score, tier, basis, reasons FROM risk.site_risk "
        "WHERE site_domain = ? ORDER BY day DESC LIMIT 1",
        [subject],
    ).fetchall()
    for day, score, tier, basis, reasons in rows:
        console.print(f"{subject}  {day}  {tier}  {'-' if score is None else round(score)}  ({basis})", style="bold")
        table = Table(box=None, header_style="bold")
        table.add_column(say("command.explain.points", language), justify="right")
        table.add_column(say("command.explain.reason", language))
        for reason in json.loads(reasons):
            table.add_row(f"{reason.get('points', 0):+.1f}", say(reason["key"], language, **reason["args"]))
        console.print(table)
        print_profile(connection, console, subject, language)
        _print_lost_placements(connection, console, subject, language)
    return bool(rows)


def _print_lost_placements(
    connection: duckdb.DuckDBPyConnection, console: Console, site_domain: str, language: str
) -> None:
    """The links the team placed that are gone without its doing, the newest loss first; nothing without any."""
    rows = connection.execute(
        "SELECT lost_on, campaign, source_url FROM signals.placements_standing "
        "WHERE site_domain = ? AND is_lost AND removed_on IS NULL ORDER BY lost_on DESC, source_url",
        [site_domain],
    ).fetchall()
    if not rows:
        return
    placed = connection.execute(
        "SELECT count(*) FROM signals.placements_standing WHERE site_domain = ?", [site_domain]
    ).fetchall()[0][0]
    told = say("command.explain.lost_placements", language, lost=len(rows), placements=placed)
    console.print(f"\n{told}", style="bold")
    table = Table(box=None, header_style="bold")
    for name in ("lost_on", "campaign", "page"):
        table.add_column(say(f"command.explain.{name}", language), overflow="fold")
    for lost_on, campaign, page in rows:
        table.add_row(str(lost_on), campaign or "", page)
    console.print(table)


def _explain_surge(connection: duckdb.DuckDBPyConnection, console: Console, subject: str, language: str) -> bool:
    if not _print_record(connection, console, "surges.link_surges", "surge_id", subject):
        return False
    _print_size(connection, console, subject, language)
    rows = connection.execute(
        "SELECT * FROM surges.surge_composition WHERE surge_id = ? ORDER BY as_of DESC LIMIT 1", [subject]
    )
    names = [column[0] for column in rows.description or ()]
    for row in rows.fetchall():
        measures = dict(zip(names, row, strict=True))
        reading = measures["reading"]
        console.print(f"\n{say(f'reading.{reading}', language)}", style="bold")
        for reason in json.loads(measures["reasons"]):
            console.print(f"- {say(f'reading.reason.{reason}', language, **measures)}")
        _print_parts(connection, console, subject, language, measures["as_of"])
    return True


def _print_size(connection: duckdb.DuckDBPyConnection, console: Console, surge_id: str, language: str) -> None:
    """Shape, excess and corrections of a surge in sentences."""
    rows = connection.execute(
        "SELECT shape, window_days, excess_low_count, excess_high_count, corrections "
        "FROM surges.link_surges WHERE surge_id = ? ORDER BY as_of DESC LIMIT 1",
        [surge_id],
    ).fetchall()
    for shape, days, low, high, corrections in rows:
        told = {"shape": say_shape(shape, days, language), "excess": say_excess(low, high, language)}
        console.print(f"\n{say('surges.card.shape', language, **told)}", style="bold")
        for key in json.loads(corrections):
            console.print(f"- {say(f'correction.{key}', language)}")


def _print_parts(
    connection: duckdb.DuckDBPyConnection, console: Console, surge_id: str, language: str, as_of: datetime.date
) -> None:
    """The largest values of each part of a surge, with their shares."""
    rows = connection.execute(
        "SELECT part, value, share, item_count, is_same_owner FROM surges.surge_parts "
        "WHERE surge_id = ? AND as_of = ? AND part NOT IN ('anchor_kind', 'target_kind') "
        "ORDER BY part, place",
        [surge_id, as_of],
    ).fetchall()
    table = Table(box=None, header_style="bold")
    for name in ("part", "value", "share", "count"):
        table.add_column(say(f"command.explain.{name}", language), overflow="fold")
    for part, value, share, count, is_same_owner in rows:
        owner = f" ({say('surges.part.same_owner', language)})" if is_same_owner else ""
        table.add_row(say(f"surges.part.{part}", language), f"{value}{owner}", f"{share:.0%}", f"{count:,}")
    console.print(table)


def _explain_drop(connection: duckdb.DuckDBPyConnection, console: Console, subject: str, language: str) -> bool:
    if not _print_record(connection, console, "drops.ranking_drops", "drop_id", subject):
        return False
    causes = connection.execute(
        "SELECT cause, probability, evidence FROM correlation.drop_causes WHERE drop_id = ? "
        "AND as_of = (SELECT max(as_of) FROM correlation.drop_causes WHERE drop_id = ?) "
        "ORDER BY probability DESC, cause",
        [subject, subject],
    ).fetchall()
    for cause, probability, evidence in causes:
        sentences = " ".join(say(item["key"], language, **item["args"]) for item in json.loads(evidence))
        console.print(f"{probability:>5.0%}  {cause:<12} {sentences}")
    return True


def _print_record(connection: duckdb.DuckDBPyConnection, console: Console, table: str, key: str, subject: str) -> bool:
    records = (
        connection.execute(
            f"SELECT * FROM {table} WHERE {key} = ? ORDER BY as_of DESC LIMIT 1",  # noqa: S608 - names from above
            [subject],
        )
        .df()
        .to_dict("records")
    )
    for record in records:
        for name, value in record.items():
            console.print(f"{name:<26} {value}")
    return bool(records)
