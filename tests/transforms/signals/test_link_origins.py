"""signals.link_origins: evidence summed per origin, a prior, a softmax, and unknown where evidence is thin."""

from __future__ import annotations

import math
import random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text_tables import check, fill, make, open_memory, rows_of
from transforms.schemas.vocabulary import RISKY_ORIGINS
from transforms.signals.parameters import Parameters

LINKS = """
link_id | source_domain | first_observed_on | lost_on
a       | a.example     | 2026-01-01        |
b       | b.example     | 2026-01-02        | 2026-03-01
c       | c.example     | 2026-01-03        |
"""


def add_links(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, "staging.links", LINKS, site_domain="kaas.example", provider="p")


def add_evidence(warehouse: duckdb.DuckDBPyConnection, text: str) -> None:
    fill(warehouse, "signals.link_evidence", text, site_domain="kaas.example", provider="p")


def probability_of(warehouse: duckdb.DuckDBPyConnection, link_id: str) -> float:
    rows = warehouse.execute("SELECT probability FROM signals.link_origins WHERE link_id = ?", [link_id]).fetchall()
    return float(rows[0][0])


def test_the_largest_sum_wins_and_little_evidence_is_unknown(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse)
    add_evidence(
        warehouse,
        """
        link_id | rule          | origin  | weight
        a       | paid_words    | bought  | 5.0
        a       | brand_anchor  | natural | 0.7
        b       | statistics    | spam    | 1.8
        b       | weak_domain   | spam    | 0.5
        c       | not_followed  | natural | 0.2
        """,
    )
    make(warehouse, "signals.link_origins")
    check(
        warehouse,
        "signals.link_origins",
        """
        link_id | origin  | source_domain | known_from_on | known_until_on
        a       | bought  | a.example     | 2026-01-01    |
        b       | spam    | b.example     | 2026-01-02    | 2026-03-01
        c       | unknown | c.example     | 2026-01-03    |
        """,
    )
    priors = Parameters()
    odds = [
        math.exp(5.0 + priors.prior_bought),
        math.exp(0.7 + priors.prior_natural),
        *(math.exp(p) for p in (priors.prior_spam, priors.prior_exchanged, priors.prior_guest_post)),
        math.exp(priors.prior_link_programme),
    ]
    assert probability_of(warehouse, "a") == pytest.approx(odds[0] / sum(odds))


def test_a_link_without_evidence_is_unknown_and_its_list_is_empty(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse)
    make(warehouse, "signals.link_origins")
    check(
        warehouse,
        "signals.link_origins",
        "link_id | origin | evidence\n a | unknown | []\n b | unknown | []\n c | unknown | []",
    )
    assert probability_of(warehouse, "a") == pytest.approx(1 - 0.6, abs=0.01)


@pytest.mark.parametrize(
    ("origin", "told"), [*((origin, "unknown") for origin in RISKY_ORIGINS), ("natural", "natural"), ("spam", "spam")]
)
def test_a_disclosed_link_has_no_arranged_origin_and_every_other_stays(
    warehouse: duckdb.DuckDBPyConnection, origin: str, told: str
) -> None:
    add_links(warehouse)
    add_evidence(warehouse, f"link_id | rule | origin | weight\n a | some_rule | {origin} | 5.0")
    make(warehouse, "signals.link_origins")
    probability = probability_of(warehouse, "a")
    assert rows_of(warehouse, "signals.link_origins", ("link_id", "origin"))[0] == ("a", origin)
    warehouse.execute("UPDATE staging.links SET is_sponsored = true")
    make(warehouse, "signals.link_origins")
    assert rows_of(warehouse, "signals.link_origins", ("link_id", "origin"))[0] == ("a", told)
    assert probability_of(warehouse, "a") == pytest.approx(probability if told == origin else 1 - probability)


def test_evidence_is_listed_strongest_first_then_by_name(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse)
    add_evidence(
        warehouse,
        """
        link_id | rule | origin  | weight | seen | policy_clause
        a       | m    | spam    | 0.5    |      |
        a       | z    | natural | 0.7    | text |
        a       | k    | spam    | 0.5    | low  | L3
        a       | b    | bought  | -3.0   |      |
        """,
    )
    make(warehouse, "signals.link_origins")
    rows = warehouse.execute("SELECT evidence FROM signals.link_origins WHERE link_id = 'a'").fetchall()
    assert rows[0][0] == [
        {"rule": "b", "weight": -3.0, "seen": None, "policy_clause": None},
        {"rule": "z", "weight": 0.7, "seen": "text", "policy_clause": None},
        {"rule": "k", "weight": 0.5, "seen": "low", "policy_clause": "L3"},
        {"rule": "m", "weight": 0.5, "seen": None, "policy_clause": None},
    ]


WEIGHTS = st.lists(
    st.tuples(st.sampled_from(["natural", "spam", "bought", "exchanged"]), st.integers(-30, 60)), max_size=8
)


@settings(max_examples=20, deadline=None)
@given(weights=WEIGHTS, dice=st.randoms(use_true_random=False))
def test_order_of_rows_does_not_change_the_last_digit(weights: list[tuple[str, int]], dice: random.Random) -> None:
    lines = [f"a | rule{n} | {origin} | {tenths / 10}" for n, (origin, tenths) in enumerate(weights)]
    shuffled = lines.copy()
    dice.shuffle(shuffled)
    found = []
    for order in (lines, shuffled):
        with open_memory() as warehouse:
            add_links(warehouse)
            add_evidence(warehouse, "\n".join(["link_id | rule | origin | weight", *order]))
            make(warehouse, "signals.link_origins")
            found.append(warehouse.execute("SELECT * FROM signals.link_origins ORDER BY link_id").fetchall())
            assert 0 <= probability_of(warehouse, "a") <= 1
    assert found[0] == found[1]
