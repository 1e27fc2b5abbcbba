"""What the page of an incident reads beside the rest: linked pages, members of a surge, tests of a site."""

from __future__ import annotations

import datetime
import math

import duckdb

from tests.reports.invented_rows import AS_OF, EVERYTHING, HOSTILE, Row, day, insert, make_id

DROP_ID = make_id(EVERYTHING, "search_console", "2026-09-25")
"""Of the whole site in Search Console; the surge of bought links came 36 days before."""
TRACKER_DROP_ID = make_id(EVERYTHING, "se_ranking", "2026-09-27")
"""The same fall in the tracker, provisional and without a pair."""
SURGE_ID = make_id(EVERYTHING, "ahrefs_backlinks", "bought", "2026-08-20")
STARTS_ON = day("2026-09-25")
P_TIME_SHIFT = 29 / 230
"""As the stage works it out: of 229 other open days, 28 come 7 to 45 days after the surge."""
LINKED_PAGES = ("page:/sheds/", f"page:/{HOSTILE}")


def _page_days() -> list[Row]:
    """Two linked pages that fall to a third and another that falls to nine tenths."""
    rows = []
    for number in range(-56, 28):
        when = STARTS_ON + datetime.timedelta(days=number)
        for place, page in enumerate((*LINKED_PAGES, "page:/a/")):
            after = (0.35 if place < len(LINKED_PAGES) else 0.9) if number >= 0 else 1.0
            value = (40 - 5 * place) * after * (1 + 0.05 * math.sin(number + place))
            rows.append({"site_domain": EVERYTHING, "segment_kind": "page", "segment": page,
                         "provider": "search_console", "day": when, "visibility": value})  # fmt: skip
    return rows


def _linked_days(pages: list[Row]) -> list[Row]:
    sums: dict[datetime.date, list[float]] = {}
    for row in pages:
        sums.setdefault(row["day"], [0.0, 0.0])[row["segment"] not in LINKED_PAGES] += row["visibility"]
    return [
        {"surge_id": SURGE_ID, "site_domain": EVERYTHING, "provider": "search_console", "kind": "page", "day": when,
         "linked_visibility": linked, "other_visibility": other}
        for when, (linked, other) in sums.items()
    ]  # fmt: skip


def _members() -> list[Row]:
    return [
        {"surge_id": SURGE_ID, "site_domain": EVERYTHING, "provider": "ahrefs_backlinks",
         "source_domain": f"partner-{number:02d}.example", "first_seen_on": day("2026-08-21"),
         "source_host": f"partner-{number:02d}.example", "source_url": f"https://partner-{number:02d}.example/",
         "link_count": 1, "host_count": 1, "anchor_kind": "commercial", "target_url": f"https://{EVERYTHING}/sheds/",
         "target_kind": "commercial", "other_site_count": 0}
        for number in range(20)
    ]  # fmt: skip


def fill_incident(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to the invented warehouse what belongs to its incidents."""
    pages = _page_days()
    insert(connection, "signals.visibility", *pages)
    insert(connection, "correlation.linked_days", *_linked_days(pages))
    insert(connection, "correlation.linked_segments", *(
        {"surge_id": SURGE_ID, "site_domain": EVERYTHING, "segment": page} for page in LINKED_PAGES
    ))  # fmt: skip
    insert(connection, "surges.surge_members", *_members())
    tests: Row = {"as_of": AS_OF, "site_domain": EVERYTHING, "origin_group": "arranged", "surge_count": 1,
                  "drop_count": 1, "p_time_shift": 0.13, "p_larger": 0.13, "least_p": 0.11}  # fmt: skip
    insert(
        connection, "correlation.site_tests",
        {**tests, "lag_window": "7-45", "observed_count": 1, "expected_count": 0.12},
        {**tests, "lag_window": "-45--1", "observed_count": 0, "expected_count": 0.08},
    )  # fmt: skip
    connection.execute(
        "UPDATE correlation.surge_drop_pairs SET page_contrast = -0.94, page_contrast_z = -5.2, p_time_shift = ? "
        "WHERE drop_id = ?",
        [P_TIME_SHIFT, DROP_ID],
    )
