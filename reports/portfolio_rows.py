"""The sites of the portfolio as compact rows: a thousand of them travel in one page, and ``tables.js`` writes them.

A row is a list (:data:`FIELDS` names its places). What many rows share, such as a day in words, stands once in a list
of the block, and rows say its number. A spark is one letter a night: 62 heights, and a dot where nothing is known.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from reports.addresses import name_folder
from reports.portfolio_data import SPARK_DAYS, PortfolioBoard, RecentDays
from reports.sentences import Speaker
from reports.sheet import show_controls
from reports.views import SiteRow
from transforms.schemas.vocabulary import BASES, TIERS

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""Heights of a spark, lowest first: finer than a pixel of its 24."""

OLD_DAYS = 7
"""Days without an export after which a row says how old its data are: a week is the cadence that is assumed."""

STATUSES = ("held_back", "incident", "alert", "new", "surge", "drop", "late", "not_assessed")
"""What a site can be found by, in the order of their bits: what asks for action comes first."""

FIELDS = ("site", "folder", "group", "owner", "score", "before", "tier", "basis", "surges", "drops", "cause", "links",
          "rankings", "status", "note", "risk", "visibility")  # fmt: skip
"""Places of a row. Numbers of a list, or -1 for none; ``folder`` is 0 where it is the domain; scores are whole."""

Row = list[int | str]


@dataclass
class _Shared:
    """Values that rows name by their number, in the order in which they first came."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, value: Any) -> int:
        """The value's number; -1 for None."""
        return -1 if value is None else self.numbers.setdefault(value, len(self.numbers))

    def list_through(self, write: Callable[[Any], Any]) -> list[Any]:
        """Every value in its order, as ``write`` writes it."""
        return [write(value) for value in self.numbers]


def draw_spark(days: RecentDays | None, most: float | None = None) -> str:
    """A letter for each of the last nights, oldest first; '' without any value. ``most`` is the height of the top."""
    if days is None or not days.amounts:
        return ""
    top = most or max(days.amounts) or 1.0
    letters = ["."] * SPARK_DAYS
    for age, amount in zip(days.ages, days.amounts, strict=True):
        share = min(max(amount / top, 0.0), 1.0)
        letters[SPARK_DAYS - 1 - age] = LETTERS[round(share * (len(LETTERS) - 1))]
    return "".join(letters)


def make_block(board: PortfolioBoard, speaker: Speaker) -> dict[str, Any]:
    """``rows`` in the order of risk, and the lists and words they name, JSON-able."""
    groups, owners, causes, days, notes = (_Shared() for _ in range(5))
    marks = _list_marks(board)
    rows: list[Row] = []
    for site in board.view.sites:
        listed = board.listed.get(site.site_domain)
        folder = name_folder(site.site_domain)
        shown = show_controls(site.site_domain)
        cause = (site.strongest_cause, round(site.strongest_cause_probability or 0.0, 2))
        rows.append([
            shown, 0 if folder == shown else folder,
            groups.number(listed.group_name if listed else None), owners.number(listed.owner if listed else None),
            _whole(site.risk_score), _whole(site.previous_score), TIERS.index(site.tier), BASES.index(site.basis),
            _tested(site.active_surge_count, site.is_tested_for_surges),
            _tested(site.active_drop_count, site.is_tested_for_drops),
            causes.number(cause if site.strongest_cause else None),
            days.number(site.links_until_on), days.number(site.rankings_until_on),
            marks(site), notes.number((site.night,) if site.is_held_back else None),
            draw_spark(board.risk_days.get(site.site_domain), 100.0),
            draw_spark(board.visibility_days.get(site.site_domain)),
        ])  # fmt: skip
    return {
        "rows": rows,
        "groups": groups.list_through(show_controls),
        "owners": owners.list_through(show_controls),
        "causes": causes.list_through(lambda found: [found[1], _say_cause(found, speaker)]),
        "days": days.list_through(lambda day: [day.isoformat(), *_say_day(day, board.view.as_of, speaker)]),
        "notes": notes.list_through(lambda found: _say_held_back(found[0], speaker)),
        "tiers": [[tier, speaker.say("portfolio.term", word=f"tier.{tier}")] for tier in TIERS],
        "bases": [speaker.say("portfolio.term", word=f"basis.{basis}") for basis in BASES],
        "words": _say_words(speaker),
    }


def block_json(block: dict[str, Any]) -> Markup:
    """The block for a script element: no ``<`` of a site's name can end it."""
    text = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704


def list_statuses(board: PortfolioBoard) -> dict[str, int]:
    """How many sites each status finds, of those that find any."""
    marks = _list_marks(board)
    found = [marks(site) for site in board.view.sites]
    counts = {name: sum(bits >> place & 1 for bits in found) for place, name in enumerate(STATUSES)}
    return {name: count for name, count in counts.items() if count}


def _list_marks(board: PortfolioBoard) -> Callable[[SiteRow], int]:
    incidents = {incident.site_domain for incident in board.incidents}
    alerts = {alert.site_domain for alert in board.alerts}
    late = {feed.site_domain for feed in board.late_feeds}
    new = {finding.site_domain for finding in board.view.findings if finding.is_active and finding.is_new}

    def mark(site: SiteRow) -> int:
        name = site.site_domain
        has = (
            site.is_held_back, name in incidents, name in alerts, name in new, site.active_surge_count > 0,
            site.active_drop_count > 0, name in late, site.tier == "not_assessed",
        )  # fmt: skip
        return sum(1 << place for place, is_so in enumerate(has) if is_so)

    return mark


def _whole(score: float | None) -> int:
    return -1 if score is None else round(score)


def _tested(count: int, is_tested: bool) -> int:
    return count if is_tested or count else -1


def _say_cause(found: tuple[str, float], speaker: Speaker) -> str:
    return speaker.say("portfolio.cause", cause=f"cause.{found[0]}", probability=found[1])


def _say_day(day: datetime.date, as_of: datetime.date, speaker: Speaker) -> Sequence[str]:
    age = (as_of - day).days
    old = speaker.say("portfolio.days_old", days=age) if age > OLD_DAYS else ""
    return speaker.say("portfolio.day", day=day), old


def _say_held_back(night: datetime.date | None, speaker: Speaker) -> str:
    return speaker.say("portfolio.held_back" if night else "portfolio.held_back.never", night=night)


def _say_words(speaker: Speaker) -> dict[str, str]:
    """Sentences in which ``tables.js`` puts numbers: the places stand in braces."""
    words = {
        "before": ("portfolio.score.before.js", {}), "no_data": ("portfolio.no_data", {}),
        "more": ("portfolio.more", {}), "shown": ("portfolio.search.shown", {"shown": "{shown}", "all": "{all}"}),
        "nothing": ("portfolio.search.nothing", {}), "group": ("portfolio.group.line", {}),
        "ungrouped": ("portfolio.group.none", {}), "unowned": ("portfolio.owner.none", {}),
        "spark": ("portfolio.spark.risk", {}), "spark_visibility": ("portfolio.spark.visibility", {}),
    }  # fmt: skip
    braces = {name: f"{{{name}}}" for name in ("score", "count", "name", "highest", "low", "high", "nights", "share")}
    return {name: speaker.say(key, **{**braces, **arguments}) for name, (key, arguments) in words.items()}
