"""The opening of an incident's page, what was seen, and what to check next: which sentence fits what was found."""

from __future__ import annotations

from reports.incident_views import IncidentView
from reports.likelihood import name_likelihood
from reports.sentences import Speaker, find_gaps
from reports.views import AssessedSeries, Drop
from transforms.correlation.days import day_number
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS
from transforms.correlation.look_back import look_back
from transforms.correlation.placebos import Span
from transforms.schemas.vocabulary import RISKY_ORIGINS

LEAST_REGAINED = 0.005
"""Share of the loss below which nothing is said to be regained: it would read 0 %."""

LINK_GAPS = ("gap.no_links", "gap.no_dates", "gap.short_links", "gap.truncated", "gap.single_export")
"""Gaps of a site's data that bear on whether links explain a drop of its past."""


def name_subject(drop: Drop, speaker: Speaker) -> str:
    """What fell: clicks, visibility, or visibility of a part of the site."""
    if drop.segment != "site":
        return speaker.say("incident.what.part", part=drop.segment.partition(":")[2] or drop.segment)
    return speaker.say(f"incident.what.{'clicks' if drop.provider.startswith('search_console') else 'site'}")


def name_state(drop: Drop, speaker: Speaker) -> str:
    """Whether the drop lasts, in a few words."""
    if drop.recovered_on:
        return speaker.say("incident.state.recovered", recovered_on=drop.recovered_on)
    return speaker.say("incident.state.active" if drop.is_active else "incident.state.past")


def _say_state(drop: Drop, speaker: Speaker) -> str:
    if drop.recovered_on:
        days = (drop.recovered_on - drop.starts_on).days if drop.recovery_days is None else drop.recovery_days
        return speaker.say("incident.changed.recovered", recovered_on=drop.recovered_on, days=days)
    if not drop.is_active:
        return speaker.say("incident.changed.past")
    if drop.regained_share is not None and drop.regained_share >= LEAST_REGAINED:
        return speaker.say("incident.changed.regained", share=drop.regained_share)
    return speaker.say("incident.changed.active")


def _say_why(view: IncidentView, speaker: Speaker) -> str:
    pair, surge, first = view.pair, view.surge, view.first_cause
    if pair is not None and surge is not None:
        likelihood = speaker.say(name_likelihood(pair.probability))
        return speaker.say(
            f"incident.why.{pair.verdict}", lag=pair.lag_days, origin=pair.origin, likelihood=likelihood,
            excess=surge.observed_count - surge.expected_count, probability=pair.probability,
            low=pair.probability_low, high=pair.probability_high, cause=f"cause.{first.cause}" if first else None,
            first=first.probability if first else None,
        )  # fmt: skip
    if first is None:
        return speaker.say("incident.why.unexplained")
    key = "no_links" if not cover_days(view) else "no_surge.links" if first.cause == "links" else "no_surge"
    return speaker.say(
        f"incident.why.{key}", days=LONGEST_LAG_DAYS, cause=f"cause.{first.cause}", first=first.probability,
        probability=view.probability_of_links,
    )  # fmt: skip


def open_incident(view: IncidentView, speaker: Speaker) -> tuple[str, str, str]:
    """What changed, why we think so, what to do next."""
    drop = view.drop
    changed = speaker.say(
        "incident.changed", what=name_subject(drop, speaker), provider=drop.provider, depth=drop.depth_share,
        low=drop.depth_low_share, high=drop.depth_high_share, starts_on=drop.starts_on,
        state=_say_state(drop, speaker),
    )  # fmt: skip
    return changed, _say_why(view, speaker), list_checks(view, speaker)[0]


def tested_series(view: IncidentView) -> list[AssessedSeries]:
    """One tested link series per provider, those that reach furthest back first."""
    found: dict[str, AssessedSeries] = {}
    for row in view.site.assessed:
        if row.kind == "surge" and row.status == "tested" and row.tested_from_on and row.tested_until_on:
            known = found.get(row.provider)
            if known is None or (known.tested_from_on and row.tested_from_on < known.tested_from_on):
                found[row.provider] = row
    return list(found.values())


def cover_days(view: IncidentView) -> int:
    """Days of the look-back before the drop that the best link series covers, as the cause model counts them."""
    spans = [
        Span(day_number(row.tested_from_on), day_number(row.tested_until_on))
        for row in tested_series(view)
        if row.tested_from_on and row.tested_until_on
    ]
    return look_back(spans, day_number(view.drop.starts_on)).days


def say_nothing_found(view: IncidentView, speaker: Speaker) -> list[str]:
    """What was looked for before a drop without a surge, and how far the data reach."""
    covered = cover_days(view)
    key = "covered" if covered == LONGEST_LAG_DAYS else "part" if covered else "untested"
    said = [speaker.say(f"incident.nothing.{key}", days=LONGEST_LAG_DAYS)]
    said += [
        speaker.say(
            "incident.nothing.series", provider=row.provider, from_on=row.tested_from_on, until_on=row.tested_until_on
        )
        for row in tested_series(view)
    ]
    if view.link_count:
        said.append(speaker.say("incident.nothing.slow", count=view.link_count))
    return said


def say_drop(view: IncidentView, speaker: Speaker) -> list[str]:
    """The drop in figures."""
    drop, facts = view.drop, view.facts
    start = f"incident.drop.start{'.sharp' if drop.starts_from_on == drop.starts_until_on else ''}"
    said = [
        speaker.say("incident.drop.depth", depth=drop.depth_share, low=drop.depth_low_share,
                    high=drop.depth_high_share, before=drop.level_before, after=drop.level_after),
        speaker.say(start, starts_on=drop.starts_on, from_on=drop.starts_from_on,
                    until_on=drop.starts_until_on, detected_on=drop.detected_on),
        speaker.say("incident.drop.chance", p=drop.p_value),
        speaker.say("incident.drop.confirmed" if drop.is_confirmed else "incident.drop.listed"),
    ]  # fmt: skip
    if drop.is_provisional:
        said.append(speaker.say("incident.drop.provisional"))
    if facts.impressions_change_share is not None and facts.click_rate_change_share is not None:
        said.append(
            speaker.say("incident.drop.impressions", share=facts.impressions_change_share,
                        rate=facts.click_rate_change_share)
        )  # fmt: skip
    if facts.position_change is not None:
        key = "worse" if facts.position_change >= 0 else "better"
        said.append(speaker.say(f"incident.drop.position.{key}", position=abs(facts.position_change)))
    if view.parts:
        said.append(speaker.say("incident.drop.parts", count=len(view.parts)))
    return said


def say_surge(view: IncidentView, speaker: Speaker) -> list[str]:
    """The surge in figures, and its lag; what was not found where there is none."""
    surge, pair = view.surge, view.pair
    if surge is None or pair is None:
        said = say_nothing_found(view, speaker)
    else:
        said = [
            speaker.say("incident.surge.count", observed=surge.observed_count, expected=surge.expected_count,
                        low=surge.excess_low_count, high=surge.excess_high_count),
            speaker.say("incident.surge.days", starts_on=surge.starts_on, ends_on=surge.ends_on,
                        detected_on=surge.detected_on),
            speaker.say("incident.surge.chance", p=surge.p_value),
            speaker.say("incident.surge.lag", lag=pair.lag_days, window=pair.lag_window),
        ]  # fmt: skip
        if view.composition:
            said += [speaker.say("reading.earned_growth")] * (view.composition.reading == "earned_growth")
    if view.other_pairs:
        said.append(speaker.say("incident.surge.others", count=len(view.other_pairs)))
    if view.controls:
        said.append(speaker.say("incident.surge.controls", count=len(view.controls)))
    return said


def list_checks(view: IncidentView, speaker: Speaker) -> list[str]:
    """What to check next, most useful first: by the verdict, by the other explanations, by what is missing."""
    first = view.first_cause.cause if view.first_cause else "unknown"
    are_links_possible = name_likelihood(view.probability_of_links) != "likelihood.unlikely"
    is_noted = any(event.starts_on >= view.drop.starts_on for event in view.manual_actions)
    keys: list[str] = []
    if view.drop.recovered_on:
        keys.append("recovered")
    if first != "links":
        keys.append(f"cause.{first}")
    if are_links_possible or first == "links":
        keys += ["action.noted" if is_noted else "action"]
        if view.surge is not None and view.surge.origin in RISKY_ORIGINS:
            keys.insert(0, "ask")
        keys += ["judge"] * bool(view.links) + ["disavow"] * (not is_noted)
    if view.pair is not None and view.pair.page_contrast is None:
        keys.append("pages")
    if view.drop.is_provisional:
        keys.insert(0, "provisional")
    starts_on = view.surge.starts_on if view.surge is not None else view.drop.starts_on
    said = [
        speaker.say(f"incident.next.{key}", starts_on=starts_on if key == "ask" else view.drop.starts_on)
        for key in keys
    ]
    return said + [speaker.say(help_key) for _, help_key in find_link_gaps(view)]


def find_link_gaps(view: IncidentView) -> list[tuple[str, str]]:
    """What the link data of the site lack, as far as it bears on this drop: (key of the gap, key of its help)."""
    return [gap for gap in find_gaps(view.site) if gap[0] in LINK_GAPS]
