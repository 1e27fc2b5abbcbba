"""Views to HTML: one function per kind of page, text in, text out, nothing written.

Jinja escapes every value; what is marked safe comes from :func:`reports.sheet.to_script_json` only.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import figures
from reports.bins import Period, choose_width, tabulate_new_domains, tabulate_visibility
from reports.cause_words import say_terms
from reports.label_words import say_all_labels
from reports.messages import FORMATS, LANGUAGES, NOTHING, name_term
from reports.quality_views import Outcome, QualityView
from reports.sentences import (
    Speaker,
    find_gaps,
    find_ranking_gap,
    open_portfolio,
    open_site,
    read_stored,
    say_hit_rate,
    say_recovery_event,
)
from reports.sheet import show_controls, to_script_json
from reports.surge_cards import list_cards
from reports.surge_words import say_excess, say_shape
from reports.views import AssessedSeries, PortfolioView, SiteView
from transforms.schemas.vocabulary import ORIGINS

STALE_SLOT = re.compile(r"<!--stale-->.*?<!--/stale-->", re.DOTALL)
"""Where a page's stale mark stands. Text from exports is escaped, so that no export can write the marker."""

ENGLISH_EVENTS = ("update", "data_break", "outage")
"""Events named by the calendar that comes with the radar, in English; the others are a team's own words."""

_NOTHING_YET = "<!--nothing-yet-->"
"""Stands in the page of a held-back site that never had a good night, so that it is not taken for a good page."""
_DEPARTED_ON = re.compile(r'data-departed="(\d{4}-\d{2}-\d{2})"')

SHOWN_LINKS = 8
"""Links shown before a reader asks for the rest: one screen."""

_SAFE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_ROOT_BY_DEPTH = {1: "..", 2: "../.."}
_VERSIONED = ("penalty-radar", "duckdb", "plotly", "great-expectations", "pandas", "scipy")

Item = TypeVar("Item")


def name_page(site_domain: str) -> str:
    """The file name of a site's page: the domain, or, where it is no plain host name, its letters and a hash."""
    if _SAFE_NAME.fullmatch(site_domain) and len(site_domain) <= 200:  # file systems allow 255
        return f"{site_domain}.html"
    letters = re.sub(r"[^a-z0-9-]+", "-", site_domain.lower()).strip("-")[:60]
    return f"{letters}-{hashlib.sha256(site_domain.encode()).hexdigest()[:8]}.html"


def web_address(url: str | None) -> str | None:
    """The address when it is safe to offer as a link (http or https), else None.

    ``javascript:`` and its like stay text, and so does an address with controls, which would not be the one shown.
    """
    is_safe = url and re.match(r"https?://[^\s]+$", url, re.IGNORECASE) and show_controls(url) == url
    return url if is_safe else None


def group_by(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    """Items in their order, gathered by key."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def _finish(value: object) -> object:
    """What any expression of a template puts on a page: marked as safe as before, with its controls made visible."""
    if not isinstance(value, str):
        return value
    shown = show_controls(value)
    return Markup(shown) if isinstance(value, Markup) else shown  # noqa: S704  was safe before


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = web_address
    environment.filters["page_name"] = name_page
    environment.filters["group"] = lambda items, name: group_by(items, lambda item: str(getattr(item, name)))
    return environment


def _formats(language: str) -> dict[str, Any]:
    def bind(name: str) -> Callable[[object], str]:
        return lambda value: NOTHING if value is None else FORMATS[name](value, language)

    return {name: bind(name) for name in FORMATS}


def _render(template: str, speaker: Speaker, *, page: str, depth: int, **values: Any) -> str:
    """One page. ``page`` is its path below the language's folder; ``depth`` the folders between it and the report."""
    language = speaker.language
    root = _ROOT_BY_DEPTH[depth]
    context = {
        "t": speaker.say, "repeat": speaker.repeat, "repeat_all": speaker.repeat_all, "rule": speaker.repeat_rule,
        "say_terms": functools.partial(say_terms, language=speaker.language), "told": speaker.repeat_told,
        "corrections": speaker.repeat_corrections, "check": speaker.name_check, "language": language,
        "languages": LANGUAGES, "root": root, "page": page, "home": f"{root}/{language}", "origins": ORIGINS,
        **_formats(language), **values,
    }  # fmt: skip
    return _environment().get_template(template).render(context)


def _figure(figure: Any) -> Markup | None:
    return None if figure is None else to_script_json(figure)


def render_site_page(template: str, speaker: Speaker, site_domain: str, file_name: str, /, **values: Any) -> str:
    """A page in the folder of a site."""
    return _render(template, speaker, page=f"sites/{file_name}", depth=2, site_domain=site_domain, **values)


def as_figure(figure: Any) -> Markup | None:
    """A figure as a page carries it; None stays None."""
    return _figure(figure)


def render_portfolio(view: PortfolioView, speaker: Speaker, missing_feeds: Sequence[str] = ()) -> str:
    """The portfolio page."""
    current = [site.site_domain for site in view.sites if not site.is_held_back]
    lanes = figures.draw_lanes(current, view.findings, view.events, view.as_of, speaker.language)
    has_previous = any(site.previous_night for site in view.sites)
    active = [finding for finding in view.findings if finding.is_active]
    return _render(
        "index.html.j2", speaker, page="index.html", depth=1, view=view, opening=open_portfolio(view, speaker),
        figure=_figure(lanes), missing_feeds=missing_feeds, has_previous=has_previous,
        shown_findings=[finding for finding in active if finding.is_new or not has_previous],
        ongoing=[finding for finding in active if has_previous and not finding.is_new],
        hit_rate=say_hit_rate(view.hit_rates, "all", speaker),
        describe=lambda finding: figures.describe_finding(finding, speaker.language),
    )  # fmt: skip


def _tables_behind(view: SiteView) -> dict[str, Any]:
    links = {}
    for series in view.link_series:
        rows = [row for row in view.link_days if row.provider == series.provider and row.new_domain_count]
        if rows:
            width = choose_width(series.starts_on or rows[0].day, series.ends_on)
            links[series.provider] = tabulate_new_domains(rows, series.ends_on, width)
    visibility = {}
    for provider, days in group_by(view.visibility_days, lambda row: row.provider).items():
        width = choose_width(days[0].day, days[-1].day)
        visibility[provider] = tabulate_visibility(days, days[-1].day, width)
    return {"link_tables": links, "visibility_tables": visibility}


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


def render_site(view: SiteView, speaker: Speaker) -> str:
    """The page of one site."""
    return _render(
        "site.html.j2", speaker, page=f"sites/{name_page(view.site.site_domain)}", depth=2, view=view, site=view.site,
        opening=open_site(view, speaker), figure=_figure(figures.draw_timeline(view, speaker.language)),
        surge_names=figures.number_findings(view.surges, "S"), drop_names=figures.number_findings(view.drops, "D"),
        surge_cards=list_cards(view), hit_rate=say_hit_rate(view.hit_rates, "pair", speaker),
        back=group_by(view.recovery_events, lambda event: event.drop_id),
        say_back=lambda event: say_recovery_event(event, speaker),
        shape=lambda surge: say_shape(surge.shape, surge.window_days, speaker.language),
        excess=lambda surge: say_excess(surge.excess_low_count, surge.excess_high_count, speaker.language),
        reading_reasons=lambda card: [
            speaker.repeat(f"reading.reason.{key}", card.measures)
            for key, _, _ in read_stored(card.composition.reasons)
        ],
        shown_links=SHOWN_LINKS, english_events=ENGLISH_EVENTS,
        drawn_origins=[name for name in ORIGINS if any(row.origin == name for row in view.link_days)],
        causes=group_by(view.causes, lambda cause: cause.drop_id), gaps=find_gaps(view),
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
    site_domain: str, broken: Iterable[Outcome], speaker: Speaker, *, as_of: Any, page: str | None
) -> str:
    """The page of a held-back site: its last good ``page`` with the stale mark put in, or one that says there is none.

    Only what stands between the two markers changes, so that the findings are those of the last good night.
    """
    broken = tuple(broken)
    page = page if page is not None and _shows_a_night(page) else None
    mark = _render("stale.html.j2", speaker, page="", depth=2, as_of=as_of, broken=broken, has_page=page is not None)
    if page is None:
        return _render(
            "held_back.html.j2", speaker, page=f"sites/{name_page(site_domain)}", depth=2, site_domain=site_domain,
            as_of=as_of, mark=Markup(mark),  # noqa: S704  rendered just above, escaped there
        )  # fmt: skip
    return STALE_SLOT.sub(lambda _: f"<!--stale-->{mark}<!--/stale-->", page, count=1)


def render_departed(page: str, speaker: Speaker, *, as_of: datetime.date) -> str:
    """The ``page`` of a site that is no longer in the portfolio, with a mark that says since when.

    A page that says so already keeps its day: the mark is about the first night without the site, not the last one. A
    page without a place for the mark comes back as it is.
    """
    slots = STALE_SLOT.findall(page)
    if len(slots) != 1:
        return page
    said = _DEPARTED_ON.search(slots[0])
    since = datetime.date.fromisoformat(said[1]) if said else as_of
    mark = _render("departed.html.j2", speaker, page="", depth=2, since=since)
    return STALE_SLOT.sub(lambda _: f"<!--stale-->{mark}<!--/stale-->", page, count=1)


def render_quality(view: QualityView, speaker: Speaker, missing_feeds: Sequence[str] = ()) -> str:
    """The data quality page."""
    return _render(
        "quality.html.j2", speaker, page="quality.html", depth=1, view=view, missing_feeds=missing_feeds,
        failing=group_by(view.failing_rows, lambda row: f"{row.check_name}|{row.site_domain}"),
        rejected=group_by(view.rejected_rows, lambda row: row.file_id),
        versions={name: version(name) for name in _VERSIONED if _is_installed(name)},
        labels=say_all_labels(view.label_corrections, speaker.language),
    )  # fmt: skip


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except ModuleNotFoundError:
        return False


def render_forward(language: str) -> str:
    """The first page: forwards to the default language, and links to every language for a reader without it."""
    speaker = Speaker(language)
    names: Mapping[str, str] = {code: name_term(f"language.{code}", code) for code in LANGUAGES}
    return _environment().get_template("forward.html.j2").render(t=speaker.say, language=language, names=names)
