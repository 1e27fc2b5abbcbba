"""The first page of a site with a single export: what it tells, what cannot be told yet, and what to add.

A new client has one export and no history. An empty chart helps nobody; from when on surges are looked for is a date
that can be worked out from what the detectors need.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from reports.sentences import Speaker
from reports.views import AssessedSeries, SiteView
from transforms.drops.daily_visibility import SeriesParams as DropSeriesParams
from transforms.ingest.formats import all_formats, format_named
from transforms.schemas.vocabulary import RISKY_ORIGINS
from transforms.surges.count_series import SeriesParams as SurgeSeriesParams

LINK_FORMATS = ("ahrefs_backlinks", "semrush_backlinks", "majestic_backlinks", "moz_inbound_links")
"""Reports of links that carry the day of first sight, by format: those most teams have."""
BEST_RANKING_FORMAT = "search_console_daily"
"""Reaches back sixteen months, and its clicks are the site's own."""
RANKING_FORMATS = ("se_ranking_positions", "semrush_tracking", "rank_tracker", "sistrix_visibility")


@dataclass(frozen=True, kw_only=True)
class FirstPage:
    """Sentences of the block, heading by heading."""

    origins: tuple[str, ...]
    cannot: tuple[str, ...]
    add: tuple[str, ...]
    when: tuple[str, ...]


def is_first(view: SiteView) -> bool:
    """Whether a site has something to show but no history: one export of links at most, not tested for both kinds."""
    tested = {row.kind for row in view.assessed if row.status == "tested"}
    has_any = bool(view.link_series or view.visibility_days)
    is_single = all(series.export_count <= 1 for series in view.link_series)
    return has_any and is_single and tested != {"surge", "drop"}


def describe_first_page(view: SiteView, speaker: Speaker) -> FirstPage | None:
    """What the block says; None for a site with a history."""
    if not is_first(view):
        return None
    return FirstPage(
        origins=tuple(_say_origins(view, speaker)),
        cannot=tuple(speaker.say(f"first.cannot.{key}") for key in _list_unknown(view)),
        add=tuple(_say_exports(view, speaker)),
        when=(*_say_surge_start(view, speaker), *_say_drop_start(view, speaker)),
    )


def _say_origins(view: SiteView, speaker: Speaker) -> list[str]:
    totals: Counter[str] = Counter()
    for row in view.origins:
        totals[row.provider] += row.domain_count
    said = [] if view.link_series else [speaker.say("first.origins.none")]
    if totals:
        provider, total = max(totals.items(), key=lambda known: (known[1], known[0]))
        counts = Counter({row.origin: row.domain_count for row in view.origins if row.provider == provider})
        arranged = sum(counts[origin] for origin in RISKY_ORIGINS)
        said += [
            speaker.say("first.origins.total", provider=provider, count=total),
            speaker.say("first.origins.arranged", count=arranged, share=arranged / total),
            speaker.say("first.origins.natural", count=counts["natural"], share=counts["natural"] / total,
                        spam=counts["spam"]),
            speaker.say("first.origins.unknown", count=counts["unknown"], share=counts["unknown"] / total),
        ]  # fmt: skip
    for provider in sorted({row.provider for row in view.visibility_days}):
        days = [row.day for row in view.visibility_days if row.provider == provider]
        said.append(speaker.say("first.visibility", provider=provider, from_on=min(days), until_on=max(days)))
    return said


def _find_tested(view: SiteView, kind: str) -> list[AssessedSeries]:
    return [row for row in view.assessed if row.kind == kind and row.status == "tested"]


def _list_unknown(view: SiteView) -> list[str]:
    keys = []
    if not view.link_series:
        keys.append("links")
    elif not any(series.dated_share > 0 for series in view.link_series):
        keys.append("undated")
    elif not _find_tested(view, "surge"):
        keys.append("surges")
    keys += ["gone"] * bool(view.link_series)
    keys += ["cut"] * any(series.is_truncated for series in view.link_series)
    if not view.visibility_days:
        keys.append("drops")
    elif not _find_tested(view, "drop"):
        keys.append("short")
    return keys


def find_title(provider: str) -> str:
    """The name of a provider's report, as docs/sources.md has it: of the format of that name, else its first."""
    titles = {declared.name: declared.title for declared in all_formats() if declared.provider == provider}
    return titles.get(provider) or next(iter(titles.values()), provider)


def _titles(names: tuple[str, ...]) -> str:
    return ", ".join(format_named(name).title for name in names)


def _say_exports(view: SiteView, speaker: Speaker) -> list[str]:
    said = []
    if not _find_tested(view, "drop"):
        best = format_named(BEST_RANKING_FORMAT).title
        said.append(speaker.say("first.add.rankings", best=best, titles=_titles(RANKING_FORMATS)))
    if not any(series.dated_share > 0 for series in view.link_series):
        said.append(speaker.say("first.add.links", titles=_titles(LINK_FORMATS)))
    for series in view.link_series:
        title = find_title(series.provider)
        if series.is_truncated:
            said.append(speaker.say("first.add.rest", title=title))
        if series.dated_share > 0:
            day = series.ends_on + datetime.timedelta(days=1)
            said.append(speaker.say("first.add.again", title=title, day=day))
    return said


def find_surge_start(ends_on: datetime.date, known_days: int) -> datetime.date:
    """The day on which an export makes a series long enough to be tested, of one that knows ``known_days`` so far."""
    return ends_on + datetime.timedelta(days=max(0, SurgeSeriesParams().least_history_days - known_days))


def _say_surge_start(view: SiteView, speaker: Speaker) -> list[str]:
    least = SurgeSeriesParams().least_history_days
    tested = _find_tested(view, "surge")
    if tested:
        return [
            speaker.say("first.when.surge.now", provider=row.provider, from_on=row.tested_from_on,
                        until_on=row.tested_until_on)
            for row in {row.provider: row for row in tested}.values()
        ]  # fmt: skip
    said = []
    for series in view.link_series:
        known = max((row.history_days for row in view.assessed
                     if row.kind == "surge" and row.provider == series.provider), default=0)  # fmt: skip
        if series.starts_on is None or series.dated_share == 0:
            said.append(speaker.say("first.when.surge.never", provider=series.provider, least=least))
        else:
            day = find_surge_start(series.ends_on, known)
            said.append(
                speaker.say("first.when.surge.later", provider=series.provider, day=day, least=least, known=known)
            )
    return said or [speaker.say("first.when.surge.none", least=least)]


def _say_drop_start(view: SiteView, speaker: Speaker) -> list[str]:
    least = DropSeriesParams().least_history_days
    tested = _find_tested(view, "drop")
    if tested:
        return [
            speaker.say("first.when.drop.now", provider=row.provider, from_on=row.tested_from_on,
                        until_on=row.tested_until_on)
            for row in tested
        ]  # fmt: skip
    said = []
    for provider in sorted({row.provider for row in view.visibility_days}):
        days = [row.day for row in view.visibility_days if row.provider == provider]
        known = (max(days) - min(days)).days + 1
        if known < least:
            day = max(days) + datetime.timedelta(days=least - known)
            said.append(speaker.say("first.when.drop.later", provider=provider, day=day, least=least, known=known))
    return said or [speaker.say("first.when.drop.none", least=least)]
