"""The days behind the time shift: what is counted is what gives its p."""

from __future__ import annotations

import pytest

from transforms.correlation.findings import Surge
from transforms.correlation.known_events import EventParams, KnownEvent
from transforms.correlation.placebos import PlaceboParams, Placebos, Span

SITE = "shop.example"
SURGE = Surge(
    surge_id="s", site_domain=SITE, provider="p", origin="bought", group="arranged", starts=1_000, excess_count=20.0,
    q_value=0.001,
)  # fmt: skip
UPDATE = KnownEvent(kind="update", name="u", scope="core", site_domain=None, starts=1_050, ends=1_060)


def make_placebos(*events: KnownEvent) -> Placebos:
    spans = {SITE: [Span(700, 1_400)]}
    return Placebos([SURGE], spans, events, Span(800, 1_300), PlaceboParams(), EventParams())


@pytest.mark.parametrize(("drop_day", "level"), [(1_020, 3), (1_003, 2), (1_100, 1)])
def test_levels_give_the_p_of_the_shift(drop_day: int, level: int) -> None:
    placebos, span = make_placebos(), Span(800, 1_300)
    counts = placebos.shift_levels(SITE, "arranged", drop_day, span)
    assert counts is not None
    assert sum(counts) == 500
    assert (1 + sum(counts[level:])) / (1 + sum(counts)) == placebos.time_shift(SITE, "arranged", drop_day, level, span)


def test_the_drops_own_day_is_no_placebo() -> None:
    counts = make_placebos().shift_levels(SITE, "arranged", 1_020, Span(800, 1_300))
    assert counts is not None
    assert counts[3] == 45 - 7 + 1 - 1
    assert counts[2] == 6


def test_days_of_an_update_are_left_out_and_a_drop_in_one_has_none() -> None:
    placebos = make_placebos(UPDATE)
    counts = placebos.shift_levels(SITE, "arranged", 1_020, Span(800, 1_300))
    assert counts is not None
    assert sum(counts) == 500 - (UPDATE.ends or 0) + UPDATE.starts - 1 - 2 - 7
    assert placebos.shift_levels(SITE, "arranged", 1_055, Span(800, 1_300)) is None


def test_a_group_without_surges_has_no_levels() -> None:
    assert make_placebos().shift_levels(SITE, "spam", 1_020, Span(800, 1_300)) is None
