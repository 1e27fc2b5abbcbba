"""The client summary: one page for the owner of a site, in plain words.

No figure of a test, no probability but in words, no name of any other site: only what happened, how sure that is, what
is done and what is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date

from reports.addresses import place_site
from reports.incident_views import IncidentCause, IncidentView
from reports.likelihood import POSSIBLE, name_likelihood
from reports.page_template import render_page
from reports.sentences import RECENT_SURGE_DAYS, Speaker, find_declared, find_earned
from reports.views import Event, SiteView, Surge
from transforms.schemas.vocabulary import RISKY_ORIGINS

SUMMARY_PAGE = "summary.html"

RECENT_DAYS = 90
"""Days since a drop that has recovered in which it is still what the owner wants to read about."""
ALSO = 0.15
"""Probability from which another explanation is told: one in seven is worth a sentence, less is not."""
SIZES = ((0.8, "most"), (0.6, "two_thirds"), (0.42, "half"), (0.29, "third"), (0.2, "quarter"), (0.0, "tenth"))
"""Least share lost and the word for it: each nearest to its own share."""
HIGH_TIERS = ("high", "severe")
"""Tiers of the risk score that are no calm, whatever else is found."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the page says, part by part."""

    happened: tuple[str, ...]
    sure: tuple[str, ...]
    do: tuple[str, ...]
    ask: tuple[str, ...]


def choose_incident(view: SiteView, incidents: Sequence[IncidentView]) -> IncidentView | None:
    """The drop to tell: one that lasts before one that is over, clicks before ranks, deeper before shallower.

    None where none lasts and none was made good lately.
    """
    told = [
        one for one in incidents
        if one.drop.is_active or (view.as_of - (one.drop.recovered_on or one.drop.starts_on)).days <= RECENT_DAYS
    ]  # fmt: skip
    return max(
        told,
        key=lambda one: (
            one.drop.recovered_on is None, one.drop.segment == "site",
            one.drop.provider.startswith("search_console"), one.drop.depth_share, one.drop.drop_id,
        ),
        default=None,
    )  # fmt: skip


def _name_size(share: float, speaker: Speaker) -> str:
    return speaker.say(f"summary.size.{next(word for least, word in SIZES if share >= least)}")


def _say_links(view: IncidentView) -> str | None:
    """The key of what is told of the links before a drop; None where there is nothing to tell."""
    if view.surge is not None:
        if view.surge.origin in RISKY_ORIGINS:
            return "summary.links_before"
        return f"summary.links_before.{'spam' if view.surge.origin == 'spam' else 'unknown'}"
    return "summary.links_slow" if view.links else None


def _say_incident(view: IncidentView, speaker: Speaker) -> tuple[str, ...]:
    drop = view.drop
    kind = "part" if drop.segment != "site" else "clicks" if drop.provider.startswith("search_console") else "places"
    key = f"summary.lost.{kind}{'.back' if drop.recovered_on else ''}"
    said = [speaker.say(key, starts_on=drop.starts_on, size=_name_size(drop.depth_share, speaker))]
    if drop.recovered_on:
        said.append(speaker.say("summary.back", recovered_on=drop.recovered_on))
    else:
        is_partly = drop.regained_share is not None and drop.regained_share >= 0.1
        said.append(speaker.say("summary.partly_back" if is_partly else "summary.not_back"))
    links = _say_links(view)
    if links:
        starts_on = view.surge.starts_on if view.surge is not None else drop.starts_on
        said.append(speaker.say(links, month=name_month(starts_on, speaker.language)))
    return tuple(said)


def _say_sure(view: IncidentView, speaker: Speaker) -> tuple[str, ...]:
    """Every explanation worth a sentence, the best one first; then what an estimate is."""
    others = [cause for cause in view.causes if cause.cause != "links"]
    first = next((cause for cause in others if cause.probability >= POSSIBLE and cause.cause != "unknown"), None)
    said: list[str] = []
    if first is not None and first.probability > view.probability_of_links:
        likelihood = speaker.say(name_likelihood(first.probability))
        cause = speaker.say(f"summary.cause.{first.cause}")
        said.append(speaker.say("summary.sure.first", cause=cause, likelihood=likelihood))
        others.remove(first)
    elif view.probability_of_links < POSSIBLE:
        said.append(speaker.say("summary.sure.unknown"))
    if _say_links(view):
        likelihood = speaker.say(name_likelihood(view.probability_of_links))
        said.append(speaker.say("summary.sure.links", likelihood=likelihood))
    said += [_say_also(cause, speaker) for cause in others if cause.probability >= ALSO and cause.cause != "unknown"]
    return (*said, speaker.say("summary.sure.note"))


def _say_also(cause: IncidentCause, speaker: Speaker) -> str:
    return speaker.say("summary.sure.also", cause=speaker.say(f"summary.cause.{cause.cause}"))


def _is_about_links(view: IncidentView) -> bool:
    """Whether links that look arranged are a possible explanation."""
    return view.probability_of_links >= POSSIBLE and _say_links(view) in ("summary.links_before", "summary.links_slow")


def _list_work(view: IncidentView) -> list[str]:
    first = view.first_cause.cause if view.first_cause else "unknown"
    work = []
    is_noted = any(event.starts_on >= view.drop.starts_on for event in view.manual_actions)
    is_standing = bool(_list_standing(view.site))
    if _is_about_links(view):
        work += ["links", "remove", "action" if is_noted or is_standing else "wait_disavow"]
    elif is_standing:
        work.append("action")
    if first == "update":
        work.append("update")
    elif first in ("tracker", "data_break"):
        work.append("measure")
    elif first != "links":
        work.append("site")
    return [*work, "follow"]


def _list_questions(view: IncidentView) -> list[str]:
    asked = ["who", "message", "stop"] if _is_about_links(view) else ["message"]
    first = view.first_cause.cause if view.first_cause else "unknown"
    return asked if first in ("links", "update", "tracker", "data_break", "season") else [*asked, "changes"]


def _has_clicks(view: SiteView) -> bool:
    return any(row.provider.startswith("search_console") for row in view.visibility_days)


def summarize(view: SiteView, incidents: Sequence[IncidentView], speaker: Speaker) -> Summary:
    """What the owner is told of a site."""
    incident = choose_incident(view, incidents)
    asked: list[str] = []
    if incident is None:
        said, estimate, work = _say_present(view, speaker)
        asked += ["message"] if _list_standing(view) else []
        asked += ["who", "stop"] if any(surge.origin in RISKY_ORIGINS for surge in _list_telling(view)) else []
    else:
        said = (*_say_incident(incident, speaker), *_say_standing(view, speaker))
        estimate, work = _say_sure(incident, speaker), _list_work(incident)
        asked += _list_questions(incident)
    if not _has_clicks(view):
        asked.append("access")
    month = _find_month(view, incident, speaker.language)
    return Summary(
        happened=said,
        sure=estimate,
        do=tuple(speaker.say(f"summary.do.{key}") for key in work),
        ask=tuple(speaker.say(f"summary.ask.{key}", month=month) for key in asked or ["nothing"]),
    )


def _list_standing(view: SiteView) -> list[Event]:
    """Manual actions that stand on the night."""
    return [
        event for event in view.events
        if event.kind == "manual_action" and (event.ends_on is None or event.ends_on >= view.as_of)
    ]  # fmt: skip


def _list_recent(view: SiteView) -> list[Surge]:
    """Surges of the last :data:`RECENT_SURGE_DAYS` days."""
    return [surge for surge in view.surges if (view.as_of - surge.ends_on).days <= RECENT_SURGE_DAYS]


def _list_telling(view: SiteView) -> list[Surge]:
    """Recent surges that are neither natural, nor earned by the looks of them, nor the team's own campaign."""
    explained = find_declared(view) | find_earned(view)
    return [
        surge for surge in _list_recent(view) if surge.origin != "natural" and surge.surge_id not in explained
    ]  # fmt: skip


def _say_standing(view: SiteView, speaker: Speaker) -> tuple[str, ...]:
    standing = _list_standing(view)
    return (speaker.say("summary.action", starts_on=min(one.starts_on for one in standing)),) if standing else ()


def _say_present(view: SiteView, speaker: Speaker) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """What is told of a site without a drop to tell, how sure that is, and keys of what is done.

    It is calm only where nothing stands, came in of late or lasts and the risk is not high; what could not be tested is
    no calm.
    """
    origins = {surge.origin for surge in _list_telling(view)}
    is_risky, is_strange = bool(origins & set(RISKY_ORIGINS)), bool(origins & {*RISKY_ORIGINS, "unknown"})
    keys = ["summary.links_now"] if is_risky else ["summary.links_now.unknown"] if is_strange else []
    keys += ["summary.links_now.spam"] if "spam" in origins else []
    keys += ["summary.unclear_drop"] if any(drop.is_active and not drop.recovered_on for drop in view.drops) else []
    keys += [f"summary.risk.{view.site.tier}"] if view.site.tier in HIGH_TIERS else []
    told = (*_say_standing(view, speaker), *(speaker.say(key) for key in keys))
    work = [*(["action"] if _list_standing(view) else []), *(["links"] if is_strange else []), "follow"]
    covered = {series.kind for series in view.assessed if series.covers(view.as_of)}
    visitors = [] if "summary.unclear_drop" in keys else ["summary.calm" if "drop" in covered else "summary.unknown"]
    is_quiet = "surge" in covered and not _list_recent(view)
    if is_quiet and not told and "drop" in covered:
        visitors.append("summary.calm.links")
    sure = "note" if told else "nothing" if "drop" in covered else "unknown"
    return (*told, *(speaker.say(key) for key in visitors)), (speaker.say(f"summary.sure.{sure}"),), work


def name_month(day: datetime.date, language: str) -> str:
    """A month as people write it: July 2026."""
    return str(format_date(day, "MMMM y", locale=language))


def _find_month(view: SiteView, incident: IncidentView | None, language: str) -> str:
    """The month that questions to the owner are about: of the surge, else of the drop, else of now."""
    day: datetime.date = view.as_of
    if incident is not None:
        day = incident.surge.starts_on if incident.surge is not None else incident.drop.starts_on
    else:
        telling = [surge.starts_on for surge in _list_telling(view) if surge.origin in RISKY_ORIGINS]
        day = max(telling, default=day)
    return name_month(day, language)


def render_summary(view: SiteView, incidents: Sequence[IncidentView], speaker: Speaker) -> str:
    """The page for the owner of a site."""
    return render_page(
        "summary.html.j2", speaker, place_site(view.site.site_domain, SUMMARY_PAGE), site=view.site,
        as_of=view.as_of, summary=summarize(view, incidents, speaker),
    )  # fmt: skip
