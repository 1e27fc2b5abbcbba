"""Each test of an incident as a question, a plain sentence with its figure, and what it says for the links."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reports.incident_views import IncidentView, SiteTest
from reports.sentences import Speaker, read_stored
from transforms.correlation.drop_causes import NOTABLE_Z
from transforms.correlation.order_of_events import OrderParams
from transforms.correlation.placebos import PlaceboParams

NOTABLE_P = 0.05
"""Largest p of a test of chance that is said to speak for the links; above it the test does not decide."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One test: ``name`` is its key, ``reading`` one of for, against, open and untested."""

    name: str
    reading: str
    said: str


def list_tests(view: IncidentView, speaker: Speaker) -> list[Trial]:
    """The tests of a drop with a surge before it; those that concern the drop alone where there is none."""
    of_drop = [_reverse(view, speaker), _manual_action(view, speaker)]
    if view.pair is None:
        return of_drop
    return [
        _time_shift(view, speaker),
        _site_swap(view, speaker),
        _contrast(view, "page", speaker),
        _contrast(view, "keyword", speaker),
        _train(view, speaker),
        *of_drop,
    ]


def _of_chance(p: float | None) -> str:
    return "untested" if p is None else "for" if p <= NOTABLE_P else "open"


def _time_shift(view: IncidentView, speaker: Speaker) -> Trial:
    p = view.pair.p_time_shift if view.pair else None
    if p is None:
        said = speaker.say("incident.test.time_shift.none", least=PlaceboParams().least_days)
    elif view.shift is None:
        said = speaker.say("incident.test.time_shift.plain", p=p)
    else:
        said = speaker.say(
            "incident.test.time_shift.said", days=view.shift.day_count, matches=view.shift.match_count, p=p
        )
    return Trial(name="time_shift", reading=_of_chance(p), said=said)


def _site_swap(view: IncidentView, speaker: Speaker) -> Trial:
    p = view.pair.p_site_swap if view.pair else None
    said = speaker.say(f"incident.test.site_swap.{'none' if p is None else 'said'}", p=p)
    return Trial(name="site_swap", reading=_of_chance(p), said=said)


def _contrast(view: IncidentView, kind: str, speaker: Speaker) -> Trial:
    """Whether linked pages, or queries named in the links, fell more than the others."""
    name = "pages" if kind == "page" else "keywords"
    change = getattr(view.pair, f"{kind}_contrast")
    z = getattr(view.pair, f"{kind}_contrast_z")
    if change is None or z is None:
        return Trial(name=name, reading="untested", said=speaker.say(f"incident.test.{name}.none"))
    is_more = z <= -NOTABLE_Z
    said = speaker.say(f"incident.test.{name}.{'more' if is_more else 'alike'}", share=1.0 - math.exp(change), z=abs(z))
    return Trial(name=name, reading="for" if is_more else "against" if z >= NOTABLE_Z else "open", said=said)


def _find_test(view: IncidentView, lag_window: str) -> SiteTest | None:
    return next((test for test in view.tests if test.lag_window == lag_window), None)


def _train(view: IncidentView, speaker: Speaker) -> Trial:
    test = _find_test(view, "7-45")
    if test is None or test.p_larger is None:
        return Trial(name="train", reading="untested", said=speaker.say("incident.test.train.none"))
    said = speaker.say(
        "incident.test.train.said", drops=test.drop_count, observed=test.observed_count, expected=test.expected_count,
        p=test.p_larger, least=test.least_p,
    )  # fmt: skip
    return Trial(name="train", reading=_of_chance(test.p_larger), said=said)


def _reverse(view: IncidentView, speaker: Speaker) -> Trial:
    """Whether the links came because of a fall: after this drop, or the surge after an earlier one."""
    stored = read_stored(view.pair.confounders) if view.pair else []
    earlier = next((arguments for key, arguments, _ in stored if key == "order.surge_after_drop"), None)
    said, reading = [], "open"
    if earlier is not None:
        reading = "against"
        said.append(speaker.say("incident.test.reverse.earlier", days=earlier["days"]))
    if view.later_surges:
        surge = min(view.later_surges, key=lambda surge: (surge.starts_on, surge.surge_id))
        days = (surge.starts_on - view.drop.starts_on).days
        said.append(speaker.say("incident.test.reverse.after", origin=surge.origin, days=days))
    if not said:
        key = "incident.test.reverse.none" if view.pair else "incident.test.reverse.none.alone"
        said.append(speaker.say(key, days=OrderParams().answer_days))
    test = _find_test(view, "-45--1")
    if test is not None:
        said.append(
            speaker.say("incident.test.reverse.train", observed=test.observed_count, drops=test.drop_count,
                        expected=test.expected_count)
        )  # fmt: skip
    return Trial(name="reverse", reading=reading, said=" ".join(said))


def _manual_action(view: IncidentView, speaker: Speaker) -> Trial:
    noted = sorted(view.manual_actions, key=lambda event: (event.starts_on, event.name), reverse=True)
    if not noted:
        return Trial(name="action", reading="open", said=speaker.say("incident.test.action.none"))
    said = speaker.say("incident.test.action.some", name=noted[0].name, starts_on=noted[0].starts_on)
    return Trial(
        name="action", reading="for" if "link" in f"{noted[0].name} {noted[0].scope}".lower() else "open", said=said
    )
