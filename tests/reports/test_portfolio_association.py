"""The portfolio page says what the pooled test of association found, and nothing where it could not be made."""

from __future__ import annotations

import duckdb
import pytest

from reports.data import read_portfolio
from reports.portfolio_data import read_board
from reports.portfolio_page import render_portfolio
from reports.sentences import Speaker
from tests.reports.invented_rows import AS_OF, insert

TESTED = {
    "as_of": AS_OF, "origin_group": "arranged", "segment_kind": "site", "lag_window": "7-45", "site_count": 25,
    "surge_count": 60, "drop_count": 22, "observed_count": 9, "expected_count": 2.94, "p_time_shift": 0.001,
    "p_site_swap": 0.004, "p_larger": 0.004,
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "9 of 22 drops that could be tested came 7 to 45 days after"), ("nl", "9 van 22 toetsbare dalingen")],
)
def test_the_pooled_result_is_one_sentence(warehouse: duckdb.DuckDBPyConnection, language: str, words: str) -> None:
    assert words not in render_portfolio(
        read_board(warehouse, read_portfolio(warehouse, as_of=AS_OF)), Speaker(language)
    )
    others = [TESTED | change for change in ({"lag_window": "any"}, {"origin_group": "natural"})]
    insert(warehouse, "correlation.portfolio_tests", TESTED, *others)
    page = render_portfolio(read_board(warehouse, read_portfolio(warehouse, as_of=AS_OF)), Speaker(language))
    assert page.count(words) == 1


def test_a_test_without_surges_is_not_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    untested = TESTED | {"p_time_shift": None, "p_site_swap": None, "p_larger": None}
    insert(warehouse, "correlation.portfolio_tests", untested)
    assert read_portfolio(warehouse, as_of=AS_OF).associations == ()
