"""Findings beside the truth: found, missed, not planted, tolerated, and whether the cause is right."""

import datetime

import pandas as pd
import pytest

from penalty_radar.demo_truth import compare_with_truth, render_comparison
from penalty_radar.simulation.truth import PlantedFinding, ProviderView, SiteTruth, Truth

DAY = datetime.date(2026, 11, 15)


def day(text):
    return datetime.date.fromisoformat(text)


def planted(kind, site, start, end=None, **fields):
    views: tuple[ProviderView, ...] = ()
    if kind == "surge" or fields.get("trap") == "earned":
        views = (
            ProviderView(provider="ahrefs_backlinks", starts_on=day(start), main_ends_on=day(end), domain_count=30),
        )
    return PlantedFinding(
        name=f"{site} {start}", kind=kind, site_domain=site, starts_on=day(start), ends_on=day(end) if end else None,
        views=views, **fields,
    )  # fmt: skip


TRUTH = Truth(
    seed=1,
    last_export_on=DAY,
    results_page_break_on=day("2025-09-14"),
    sites=(SiteTruth(site_domain="a.nl", world="bought", files=(), domain_origins={}),),
    findings=(
        planted("surge", "a.nl", "2026-07-06", "2026-07-12", providers=("ahrefs_backlinks", "semrush_backlinks"),
                size=40, origin="bought"),
        planted("drop", "a.nl", "2026-07-27", providers=("search_console",), size=0.38, cause="links",
                settled_on=day("2026-07-31")),
        planted("trap", "b.nl", "2026-03-09", "2026-03-16", providers=("ahrefs_backlinks",), size=50, origin="natural",
                trap="earned", allowed_origins=("natural", "unknown")),
        planted("trap", "c.nl", "2026-09-08", "2026-09-11", providers=("search_console",), size=1, trap="outage"),
    ),
)  # fmt: skip


def surges(*rows):
    names = ["surge_id", "site_domain", "provider", "origin", "starts_on", "ends_on", "observed_count"]
    frame = pd.DataFrame(rows, columns=names).assign(as_of=pd.Timestamp(DAY))
    return frame.assign(starts_on=pd.to_datetime(frame["starts_on"]), ends_on=pd.to_datetime(frame["ends_on"]))


def drops(*rows):
    names = ["drop_id", "site_domain", "provider", "starts_on", "ends_on", "depth_share"]
    frame = pd.DataFrame(rows, columns=names).assign(as_of=pd.Timestamp(DAY))
    return frame.assign(starts_on=pd.to_datetime(frame["starts_on"]), ends_on=pd.to_datetime(frame["ends_on"]))


def causes(*rows):
    return pd.DataFrame(rows, columns=["drop_id", "cause", "probability"]).assign(as_of=pd.Timestamp(DAY))


def pairs(*rows):
    return pd.DataFrame(rows, columns=["drop_id", "probability", "verdict"]).assign(as_of=pd.Timestamp(DAY))


SURGE = ("s1", "a.nl", "ahrefs_backlinks", "bought", "2026-07-07", "2026-07-13", 33)
DROP = ("d1", "a.nl", "search_console", "2026-07-28", None, 0.36)
CAUSES = causes(("d1", "links", 0.7), ("d1", "unknown", 0.3))


def test_all_found_with_the_right_cause():
    comparison = compare_with_truth(TRUTH, surges(SURGE), drops(DROP), pairs(("d1", 0.7, "links_likely")), CAUSES)
    assert comparison.is_right
    assert [match.planted.kind for match in comparison.found] == ["surge", "drop"]
    assert comparison.found[1].is_cause_right
    assert comparison.found[1].verdict == "links_likely"
    assert comparison.wrong_causes == ()


def test_nothing_found_is_all_missed():
    comparison = compare_with_truth(TRUTH, surges(), drops(), pairs(), causes())
    assert not comparison.is_right
    assert [finding.kind for finding in comparison.missed] == ["surge", "drop"]


def test_two_providers_show_one_planted_surge():
    second = ("s2", "a.nl", "semrush_backlinks", "bought", "2026-07-08", "2026-07-20", 28)
    comparison = compare_with_truth(TRUTH, surges(SURGE, second), drops(DROP), pairs(), CAUSES)
    assert len(comparison.found) == 2
    assert len(comparison.found[0].found) == 2
    assert comparison.unplanted == ()


@pytest.mark.parametrize(
    ("start", "end", "is_match"),
    [
        ("2026-07-01", "2026-07-04", True),  # begins five days before
        ("2026-06-20", "2026-07-06", True),  # shares a day
        ("2026-06-30", "2026-07-05", False),
        ("2026-07-12", "2026-07-30", True),
        ("2026-07-13", "2026-07-30", False),
    ],
)
def test_a_surge_matches_by_overlap_or_nearby_start(start, end, is_match):
    row = ("s1", "a.nl", "ahrefs_backlinks", "bought", start, end, 33)
    comparison = compare_with_truth(TRUTH, surges(row), drops(), pairs(), causes())
    assert (len(comparison.found) == 1) is is_match
    assert (comparison.unplanted == ()) is is_match


@pytest.mark.parametrize(
    ("start", "is_match"),
    [("2026-07-22", True), ("2026-07-21", False), ("2026-08-05", True), ("2026-08-06", False)],
)
def test_a_drop_matches_by_its_start(start, is_match):
    comparison = compare_with_truth(TRUTH, surges(), drops(("d1", *DROP[1:3], start, None, 0.3)), pairs(), CAUSES)
    assert bool(comparison.found) is is_match


@pytest.mark.parametrize(
    ("origin", "is_tolerated"), [("natural", True), ("unknown", True), ("bought", False), ("guest_post", False)]
)
def test_earned_links_must_not_be_called_arranged(origin, is_tolerated):
    row = ("s9", "b.nl", "ahrefs_backlinks", origin, "2026-03-09", "2026-03-15", 40)
    comparison = compare_with_truth(TRUTH, surges(SURGE, row), drops(DROP), pairs(), CAUSES)
    assert (len(comparison.tolerated), len(comparison.unplanted)) == ((1, 0) if is_tolerated else (0, 1))


@pytest.mark.parametrize(("origin", "is_tolerated"), [("unknown", True), ("natural", False), ("spam", False)])
def test_part_of_a_planted_surge_may_stay_of_unknown_origin(origin, is_tolerated):
    row = ("s8", "a.nl", "ahrefs_backlinks", origin, "2026-07-07", "2026-07-12", 9)
    comparison = compare_with_truth(TRUTH, surges(SURGE, row), drops(DROP), pairs(), CAUSES)
    assert (len(comparison.tolerated), len(comparison.unplanted)) == ((1, 0) if is_tolerated else (0, 1))


def test_one_finding_too_many_is_allowed_and_two_are_not():
    stray = [(f"x{at}", "a.nl", "search_console", f"2026-0{at}-01", None, 0.2) for at in (1, 3)]
    one = compare_with_truth(TRUTH, surges(SURGE), drops(DROP, stray[0]), pairs(), CAUSES)
    two = compare_with_truth(TRUTH, surges(SURGE), drops(DROP, *stray), pairs(), CAUSES)
    assert (one.is_right, two.is_right) == (True, False)


def test_an_outage_called_a_drop_is_named():
    outage = ("d7", "c.nl", "search_console", "2026-09-08", "2026-09-11", 0.98)
    comparison = compare_with_truth(TRUTH, surges(SURGE), drops(DROP, outage), pairs(), CAUSES)
    assert comparison.unplanted[0].near is not None
    assert comparison.unplanted[0].near.trap == "outage"
    assert "MISTAKEN" in render_comparison(comparison, "en")


def test_the_wrong_cause_is_told():
    wrong = causes(("d1", "update", 0.8), ("d1", "links", 0.2))
    comparison = compare_with_truth(TRUTH, surges(SURGE), drops(DROP), pairs(), wrong)
    assert [match.cause for match in comparison.wrong_causes] == ["update"]
    assert "WRONG" in render_comparison(comparison, "en")


def test_only_the_newest_night_counts():
    old = surges(("s0", "a.nl", "ahrefs_backlinks", "spam", "2026-01-05", "2026-01-09", 9)).assign(
        as_of=pd.Timestamp("2026-02-01")
    )
    both = pd.concat([old, surges(SURGE)])
    assert compare_with_truth(TRUTH, both, drops(DROP), pairs(), CAUSES).unplanted == ()


def test_order_of_rows_does_not_matter():
    rows = surges(SURGE, ("s2", "a.nl", "semrush_backlinks", "bought", "2026-07-08", "2026-07-20", 28))
    forth = compare_with_truth(TRUTH, rows, drops(DROP), pairs(), CAUSES)
    back = compare_with_truth(TRUTH, rows.iloc[::-1], drops(DROP), pairs(), CAUSES.iloc[::-1])
    assert render_comparison(forth, "en") == render_comparison(back, "en")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_table_fits_a_hundred_columns_and_says_how_it_went(language, demo_comparison):
    text = render_comparison(demo_comparison, language)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "letselschade-imagidaal.nl" in text
    assert {"en": "NOT FOUND", "nl": "NIET GEVONDEN"}[language] in text
    assert {"en": "NOT as planted: 0 of 8", "nl": "NIET zoals ingebouwd: 0 van 8"}[language] in text


@pytest.fixture
def demo_comparison(demo):
    """The demo's truth beside a walk that found nothing."""
    return compare_with_truth(demo[1], surges(), drops(), pairs(), causes())
