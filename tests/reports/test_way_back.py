"""A site's page says how far each drop has come back, and what its own drops and surges show by themselves."""

from __future__ import annotations

import re

import duckdb
import pytest

from reports.data import read_portfolio, read_site
from reports.pages import render_site
from reports.sentences import Speaker
from tests.reports.invented_rows import AS_OF, EVERYTHING, insert, make_drop

BACK = {"as_of": AS_OF, "site_domain": EVERYTHING, "segment": "site", "segment_kind": "site"}
TESTED = {
    "as_of": AS_OF, "site_domain": EVERYTHING, "origin_group": "arranged", "lag_window": "7-45", "surge_count": 3,
    "drop_count": 4, "observed_count": 2, "expected_count": 0.6, "p_time_shift": 0.07, "p_site_swap": None,
    "p_larger": 0.07, "least_p": 0.01,
}  # fmt: skip


def page_of(warehouse: duckdb.DuckDBPyConnection, language: str) -> str:
    """The page of the site with everything."""
    rows = {row.site_domain: row for row in read_portfolio(warehouse, as_of=AS_OF).sites}
    return render_site(read_site(warehouse, rows[EVERYTHING], as_of=AS_OF), Speaker(language))


@pytest.mark.parametrize(
    ("language", "after", "so_far", "nothing"),
    [
        ("en", "36 days after it began", "25% of the loss regained so far", "nothing of the loss regained so far"),
        ("nl", "36 dagen na het begin", "25% van het verlies tot nu toe", "van het verlies tot nu toe niets"),
    ],
)
def test_each_drop_says_how_far_it_came_back(
    warehouse: duckdb.DuckDBPyConnection, language: str, after: str, so_far: str, nothing: str
) -> None:
    drop = make_drop(EVERYTHING, "search_console", "2026-09-25")
    tracker = make_drop(EVERYTHING, "se_ranking", "2026-09-27")
    before = shown(page_of(warehouse, language))
    assert not any(words in before for words in (after, so_far, nothing))
    back = [BACK | {"drop_id": found["drop_id"], "provider": found["provider"]} for found in (drop, tracker)]
    insert(warehouse, "drops.drop_recoveries", back[0] | {"regained_share": 0.25}, back[1] | {"regained_share": -0.2})
    page = shown(page_of(warehouse, language))
    assert page.count(so_far) == 1
    assert page.count(nothing) == 1
    warehouse.execute("UPDATE drops.ranking_drops SET recovered_on = DATE '2026-10-31' WHERE is_provisional = false")
    warehouse.execute(
        "UPDATE drops.drop_recoveries SET recovered_on = DATE '2026-10-31', recovery_days = 36 WHERE regained_share > 0"
    )
    page = shown(page_of(warehouse, language))
    assert page.count(after) == 1
    assert so_far not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Of 4 drops of the site that could be tested, 2 came"), ("nl", "Van 4 toetsbare dalingen van de site")],
)
def test_the_test_of_the_site_alone_is_one_sentence(
    warehouse: duckdb.DuckDBPyConnection, language: str, words: str
) -> None:
    assert words not in page_of(warehouse, language)
    others = [TESTED | change for change in ({"lag_window": "any"}, {"origin_group": "natural"})]
    insert(warehouse, "correlation.site_tests", TESTED, *others)
    assert page_of(warehouse, language).count(words) == 1


def shown(page: str) -> str:
    """The page with ordinary spaces."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", page)
