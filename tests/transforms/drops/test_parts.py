"""Which drops are told with a wider one: what holds them, how near it started, and what was told before."""

from __future__ import annotations

import pandas as pd
import pytest

from transforms.drops.parts import find_wholes

PART_DAYS = 14


def drops_of(starts: dict[str, int], **told: object) -> pd.DataFrame:
    """One drop a segment, by the day on which it starts; its id is its segment's name."""
    rows = [
        {
            "site_domain": "alpha.example",
            "provider": "search_console",
            "segment": segment,
            "segment_kind": segment.partition(":")[0],
            "drop_id": segment,
            "starts_on": pd.Timestamp("2026-01-01") + pd.Timedelta(days=start),
            **told,
        }
        for segment, start in starts.items()
    ]
    return pd.DataFrame(rows)


def wholes_of(starts: dict[str, int], previous: pd.DataFrame | None = None) -> dict[str, str]:
    drops = drops_of(starts)
    wholes = find_wholes(drops, pd.DataFrame() if previous is None else previous, PART_DAYS)
    return dict(zip(drops["drop_id"][wholes.notna()], wholes.dropna(), strict=True))


@pytest.mark.parametrize(
    "segment", ["page:/shop/x", "directory:/shop/", "directory:/", "keywords:brand", "market:nl", "device:mobile"]
)
def test_a_sites_drop_holds_every_segment_that_falls_within_two_weeks(segment: str) -> None:
    assert wholes_of({"site": 0, segment: PART_DAYS}) == {segment: "site"}
    assert wholes_of({"site": 0, segment: PART_DAYS + 1}) == {}


@pytest.mark.parametrize(
    ("directory", "page", "is_part"),
    [
        ("directory:/shop/", "page:/shop/x", True),
        ("directory:/shop/", "page:/shop/deep/x", True),
        ("directory:/shop/", "page:/shop/", True),
        ("directory:/shop/", "page:/shop", False),
        ("directory:/shop/", "page:/shopping/x", False),
        ("directory:/blog/", "page:/shop/x", False),
        ("directory:/", "page:/x", True),
        ("directory:/", "page:/", True),
        ("directory:/", "page:/shop/x", False),
    ],
)
def test_a_directory_holds_its_own_pages_only(directory: str, page: str, is_part: bool) -> None:
    assert wholes_of({directory: 3, page: 0}) == ({page: directory} if is_part else {})


@pytest.mark.parametrize("wide", ["market:nl", "device:mobile", "keywords:brand", "page:/shop/"])
def test_markets_devices_keywords_and_pages_hold_nothing(wide: str) -> None:
    assert wholes_of({wide: 0, "page:/shop/x": 0, "directory:/blog/": 0}) == {}


def test_the_whole_stands_alone_and_is_near_the_part_itself() -> None:
    starts = {"site": 0, "directory:/shop/": 10, "page:/shop/x": 20, "page:/shop/y": 12}
    assert wholes_of(starts) == {"directory:/shop/": "site", "page:/shop/y": "site"}


def test_what_stood_alone_and_confirmed_becomes_no_part_later() -> None:
    now = {"site": 0, "market:nl": 3}
    for confirmed, whole, expected in ((True, None, {}), (False, None, {"market:nl": "site"}),
                                       (True, "site", {"market:nl": "site"})):  # fmt: skip
        before = drops_of({"market:nl": 20}, is_confirmed=confirmed, part_of_drop_id=whole)
        assert wholes_of(now, before) == expected


def test_no_drops_have_no_wholes() -> None:
    assert find_wholes(drops_of({"site": 0}).iloc[:0], pd.DataFrame(), PART_DAYS).empty
