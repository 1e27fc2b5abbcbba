"""Views to HTML: one function per kind of page, text in, text out, nothing written."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from reports import figures
from reports.addresses import Place, place_site
from reports.bins import Period, choose_width, tabulate_domains, tabulate_visibility
from reports.changes import Comparison
from reports.drop_cards import SMALL_PROBABILITY, list_drop_cards, list_own_pairs
from reports.first_page import describe_first_page
from reports.messages import LANGUAGES, name_term
from reports.page_template import environment, figure_json, group_by, render_page
from reports.profile_page import show_profile
from reports.profile_views import NO_PROFILE, ProfileView
from reports.quality_views import Outcome
from reports.sentences import (
    Speaker,
    find_gaps,
    find_ranking_gap,
    open_site,
    read_stored,
    say_hit_rate,
    say_recovery_event,
)
from reports.surge_cards import list_cards
from reports.surge_words import say_excess, say_shape
from reports.views import AssessedSeries, SiteView
from transforms.risk.points import Params as RiskPoints
from transforms.schemas.vocabulary import ORIGINS

STALE_SLOT = re.compile(r"<!--stale-->.*?<!--/stale-->", re.DOTALL)
"""Where a page's stale mark stands. Text from exports is escaped, so that no export can write the marker."""

ENGLISH_EVENTS = ("update", "data_break", "outage")
"""Events named by the calendar that comes with the radar, in English; the others are a team's own words."""

_NOTHING_YET = "<!--nothing-yet-->"
"""Stands in the page of a held-back site that never had a good night, so that it is not taken for a good page."""
_SINCE = re.compile(r'data-why="(\w+)" data-since="(\d{4}-\d{2}-\d{2})"')

_POINTS = RiskPoints()
TIER_STARTS = tuple(round(start) for start in (_POINTS.raised_from, _POINTS.high_from, _POINTS.severe_from))
"""Scores at which the tiers above low begin."""

OWN_EVENTS = ("site_change", "link_removal", "disavow", "reconsideration")
"""Events that a team did or noted itself."""

SHOWN_LINKS = 8
"""Links shown before a reader asks for the rest: one screen."""


def _tables_behind(view: SiteView) -> dict[str, Any]:
    links, lost = {}, {}
    for series in view.link_series:
        rows = [row for row in view.link_days if row.provider == series.provider]
        if any(row.new_domain_count for row in rows):
            width = choose_width(series.starts_on or rows[0].day, series.ends_on)
            links[series.provider] = tabulate_domains(rows, series.ends_on, width)
            lost[series.provider] = tabulate_domains(rows, series.ends_on, width, "lost_domain_count")
    visibility = {}
    for provider, days in group_by(view.visibility_days, lambda row: row.provider).items():
        width = choose_width(days[0].day, days[-1].day)
        visibility[provider] = tabulate_visibility(days, days[-1].day, width)
    return {
        "link_tables": links,
        "lost_tables": {name: rows for name, rows in lost.items() if rows},
        "visibility_tables": visibility,
    }


def _gather_assessed(view: SiteView, language: str) -> list[tuple[AssessedSeries, str]]:
    """Series of one provider with the same outcome in one line: (one of them, their names)."""
    lines: dict[tuple[object, ...], list[AssessedSeries]] = defaultdict(list)
    for row in view.assessed:
        outcome = (row.kind, row.provider, row.status, row.tested_from_on, row.tested_until_on)
        lines[outcome if row.status == "tested" else (*outcome, row.history_days)].append(row)
    return [
        (rows[0], ", ".join(name_term("segment.site" if row.what == "site" else row.what, language) for row in rows))
        for rows in lines.values()
    ]


def render_site(
    view: SiteView, speaker: Speaker, profile: ProfileView = NO_PROFILE, changes: Sequence[Comparison] = ()
) -> str:
    """The page of one site; without a profile its parts say what is not known. ``changes``: against earlier nights."""
    surge_names, drop_names = figures.number_findings(view.surges, "S"), figures.number_findings(view.drops, "D")
    timeline = figures.lay_timeline(view, speaker.language)
    shown = show_profile(view, profile, surge_names, drop_names, speaker)
    return render_page(
        "site.html.j2", speaker, place_site(view.site.site_domain), view=view, site=view.site,
        opening=open_site(view, speaker), changes=changes, first_page=describe_first_page(view, speaker),
        figure=figure_json(timeline), surge_names=surge_names, drop_names=drop_names, **shown,
        has_charts=timeline is not None or any(shown["profile_figures"].values()),
        surge_cards=list_cards(view), hit_rate=say_hit_rate(view.hit_rates, "pair", speaker),
        back=group_by(view.recovery_events, lambda event: event.drop_id),
        say_back=lambda event: say_recovery_event(event, speaker),
        shape=lambda surge: say_shape(surge.shape, surge.window_days, speaker.language),
        excess=lambda surge: say_excess(surge.excess_low_count, surge.excess_high_count, speaker.language),
        reading_reasons=lambda card: [
            speaker.repeat(f"reading.reason.{key}", card.measures)
            for key, _, _ in read_stored(card.composition.reasons)
        ],
        shown_links=SHOWN_LINKS, english_events=ENGLISH_EVENTS, own_events=OWN_EVENTS, tier_starts=TIER_STARTS,
        drawn_origins=[name for name in ORIGINS if any(row.origin == name for row in view.link_days)],
        drop_cards=list_drop_cards(view), own_pairs=list_own_pairs(view), small_probability=SMALL_PROBABILITY,
        gaps=find_gaps(view),
        ranking_gap=find_ranking_gap(view),
        is_tested_for_drops=any(row.kind == "drop" and row.status == "tested" for row in view.assessed),
        assessed=_gather_assessed(view, speaker.language),
        reasons=read_stored(view.site.reasons), rejected=group_by(view.rejected_rows, lambda row: row.file_id),
        period=lambda period: figures.period_text(period, speaker.language),
        days=lambda first, last: figures.period_text(Period(first, last), speaker.language), **_tables_behind(view),
    )  # fmt: skip


def _shows_a_night(page: str) -> bool:
    """Whether :func:`render_site` made this page: it is not the one that says there is nothing yet, nor half a page."""
    return _NOTHING_YET not in page and len(STALE_SLOT.findall(page)) == 1


def render_held_back(
    site_domain: str, broken: Iterable[Outcome], speaker: Speaker, *, as_of: Any, page: str | None, place: Place
) -> str | None:
    """A page of a held-back site: its last good ``page`` with the stale mark put in, or one that says there is none.

    Only what stands between the two markers changes, so that the findings are those of the last good night. None for a
    torn page that is not the site's first: there is nothing to say on it.
    """
    broken = tuple(broken)
    page = page if page is not None and _shows_a_night(page) else None
    mark = render_page("stale.html.j2", speaker, place, as_of=as_of, broken=broken, has_page=page is not None)
    if page is None:
        return None if place.page != "index.html" else render_page(
            "held_back.html.j2", speaker, place, site_domain=site_domain, as_of=as_of,
            mark=Markup(mark),  # noqa: S704  rendered just above, escaped there
        )  # fmt: skip
    return STALE_SLOT.sub(lambda _: f"<!--stale-->{mark}<!--/stale-->", page, count=1)


def render_departed(page: str, speaker: Speaker, place: Place, *, as_of: datetime.date) -> str:
    """The ``page`` of a site that is no longer in the portfolio, with a mark that says since when."""
    return _mark_since(page, speaker, place, "departed", as_of)


def render_ended(page: str, speaker: Speaker, place: Place, *, as_of: datetime.date) -> str:
    """The ``page`` of something that is no longer listed (an incident that is over), with a mark that says since when.

    The page stays, because people were sent its address.
    """
    return _mark_since(page, speaker, place, "ended", as_of)


def has_ended(page: str) -> bool:
    """Whether :func:`render_ended` marked the page."""
    return any(said[1] == "ended" for slot in STALE_SLOT.findall(page) if (said := _SINCE.search(slot)))


def _mark_since(page: str, speaker: Speaker, place: Place, why: str, as_of: datetime.date) -> str:
    # A page that says so already keeps its day: the mark is about the first night of that, not the last one. A page
    # without a place for the mark comes back as it is.
    slots = STALE_SLOT.findall(page)
    if len(slots) != 1:
        return page
    said = _SINCE.search(slots[0])
    since = datetime.date.fromisoformat(said[2]) if said and said[1] == why else as_of
    mark = render_page("departed.html.j2", speaker, place, since=since, why=why)
    return STALE_SLOT.sub(lambda _: f"<!--stale-->{mark}<!--/stale-->", page, count=1)


def render_forward(language: str, *, home: str = "", root: str = ".") -> str:
    """A first page: forwards to the default language, and links to every language for a reader without it.

    ``home`` is the folder of the languages and ``root`` the report's, both as seen from the page.
    """
    speaker = Speaker(language)
    names: Mapping[str, str] = {code: name_term(f"language.{code}", code) for code in LANGUAGES}
    return (
        environment()
        .get_template("forward.html.j2")
        .render(t=speaker.say, language=language, home=home, root=root, names=names)
    )
