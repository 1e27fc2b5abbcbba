"""An incident to HTML: one drop, argued with the surge that fits it best."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from reports import likelihood
from reports.addresses import place_site
from reports.bins import Period, find_period
from reports.cause_words import say_terms
from reports.figures import number_findings, period_text
from reports.incident_figures import (
    LEVELS,
    ComparedWeek,
    Window,
    compare_weeks,
    draw_incident,
    draw_pages,
    draw_placebo,
    find_window,
    mean_after,
)
from reports.incident_sentences import (
    list_checks,
    name_state,
    name_subject,
    open_incident,
    say_drop,
    say_surge,
)
from reports.incident_tests import list_tests
from reports.incident_views import ComparedPage, IncidentCause, IncidentView
from reports.page_template import figure_json, render_page
from reports.sentences import Speaker
from transforms.correlation.cause_calibration import load_calibration
from transforms.correlation.cause_model import load_model
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS
from transforms.schemas.vocabulary import ORIGINS

LEAST_CAUSE = 0.02
"""Probability from which a cause has a bar of its own; the rest stands behind a line that opens."""
FEW_DROPS = 30
"""Drops of a band of the calibration below which their share is said to be unsure: its 90 % interval is wider than a
third."""
SHOWN_LINKS = 5
"""Links shown before a reader asks for the rest: one screen."""


def name_incident_page(drop_id: str) -> str:
    """The file name of the page of a drop, in the folder of its site."""
    return f"incident-{drop_id}.html"


@dataclass(frozen=True, kw_only=True)
class Week:
    """A row of the table behind the timeline; None where nothing is known."""

    period: Period
    domain_count: int | None
    visibility: float | None


def tabulate_weeks(view: IncidentView, window: Window) -> list[Week]:
    """New domains and mean visibility by week over the days drawn, newest first."""
    domains: dict[Period, int] = defaultdict(int)
    values: dict[Period, list[float]] = defaultdict(list)
    for row in view.link_days:
        if window.first_on <= row.day <= window.last_on:
            domains[find_period(row.day, window.last_on, 7)] += row.new_domain_count
    for day in view.series_days:
        if window.first_on <= day.day <= window.last_on:
            values[find_period(day.day, window.last_on, 7)].append(day.visibility)
    ends_on = max((one.ends_on for one in view.site.link_series if one.provider == view.link_provider), default=None)
    weeks = []
    period = find_period(window.last_on, window.last_on, 7)
    while period.ends_on >= window.first_on:
        is_known = ends_on is not None and period.starts_on <= ends_on
        weeks.append(
            Week(
                period=period,
                domain_count=domains.get(period, 0) if is_known else None,
                visibility=sum(values[period]) / len(values[period]) if values.get(period) else None,
            )
        )
        period = find_period(period.starts_on.fromordinal(period.starts_on.toordinal() - 1), window.last_on, 7)
    return weeks


def split_causes(causes: tuple[IncidentCause, ...]) -> tuple[list[IncidentCause], list[IncidentCause]]:
    """The causes with a bar of their own, and the small ones; links always have one."""
    shown = [cause for cause in causes if cause.probability >= LEAST_CAUSE or cause.cause == "links"]
    return shown, [cause for cause in causes if cause not in shown]


def find_probability(view: IncidentView) -> tuple[float, float, float]:
    """The probability that links explain the drop, with its width: of the pair, or of the causes without one."""
    if view.pair is not None:
        return view.pair.probability, view.pair.probability_low, view.pair.probability_high
    links = next((cause for cause in view.causes if cause.cause == "links"), None)
    return (links.probability, links.probability_low, links.probability_high) if links else (0.0, 0.0, 0.0)


def render_incident(view: IncidentView, speaker: Speaker, *, has_dossier: bool = False) -> str:
    """The page of one incident; ``has_dossier``: a dossier of the same drop stands beside it."""
    language = speaker.language
    window, weeks = find_window(view), compare_weeks(view)
    probability, low, high = find_probability(view)
    shown, small = split_causes(view.causes)
    calibration = load_calibration()
    return render_page(
        "incident.html.j2", speaker, place_site(view.site.site.site_domain, name_incident_page(view.drop.drop_id)),
        view=view, site=view.site.site, drop=view.drop, pair=view.pair, surge=view.surge,
        opening=open_incident(view, speaker), state=name_state(view.drop, speaker),
        subject=name_subject(view.drop, speaker), drop_said=say_drop(view, speaker),
        surge_said=say_surge(view, speaker), checks=list_checks(view, speaker), tests=list_tests(view, speaker),
        drawn_origins=[name for name in ORIGINS if any(
            row.origin == name and row.new_domain_count and window.first_on <= row.day <= window.last_on
            for row in view.link_days
        )],
        window=window, weeks=tabulate_weeks(view, window), figure=figure_json(draw_incident(view, language)),
        placebo=figure_json(draw_placebo(view, language)), levels=LEVELS,
        compared=figure_json(draw_pages(view, language)), compared_weeks=weeks,
        after=mean_after(weeks, view.drop.starts_on), pages=list_pages(view, weeks),
        shown_causes=shown, small_causes=small, least_cause=LEAST_CAUSE,
        said=speaker.repeat_all,
        has_any=bool(view.causes), probability_of_links=probability, low=low, high=high,
        likelihood=speaker.say(likelihood.name_likelihood(probability)), words=likelihood,
        moved=say_terms(view.pair.terms, language) if view.pair else [], doubt=load_model().doubt,
        calibration=calibration, band=calibration.band_of(probability), few=FEW_DROPS, shown_links=SHOWN_LINKS,
        lag_days=LONGEST_LAG_DAYS, has_dossier=has_dossier,
        name=number_findings(view.site.drops, "D")[view.drop.drop_id],
        period=lambda period: period_text(period, language),
    )  # fmt: skip


def list_pages(view: IncidentView, weeks: list[ComparedWeek]) -> tuple[ComparedPage, ...]:
    """Linked pages and the others together; none where the two cannot be compared."""
    return view.compared_pages if weeks else ()
