"""signals.link_origins: what the rules that apply together make likely, and what the team says above them."""

from __future__ import annotations

import random

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.signals.sign_rules import anchor_of, sign_rule, sign_rules
from tests.transforms.text_tables import check, fill, judge_links, make, open_memory, rows_of
from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.schemas.vocabulary import RISKY_ORIGINS
from transforms.signals.origin_calibration import BUNDLED

LINKS = """
link_id | source_domain | anchor_text | first_observed_on | lost_on
a       | a.example     | {a}         | 2026-01-01        |
b       | b.example     | {b}         | 2026-01-02        | 2026-03-01
c       | c.example     | {c}         | 2026-01-03        |
"""


def add_links(warehouse: duckdb.DuckDBPyConnection, a: str = "", b: str = "", c: str = "") -> None:
    """Three links; each is given the names of rules that apply to it, parted by spaces."""
    texts = {name: anchor_of(names.split()) or "''" for name, names in (("a", a), ("b", b), ("c", c))}
    same = {"site_domain": "kaas.example", "provider": "p", "target_url": "https://kaas.example/"}
    fill(warehouse, "staging.links", LINKS.format(**texts), **same)


def probability_of(warehouse: duckdb.DuckDBPyConnection, link_id: str) -> float:
    rows = warehouse.execute("SELECT probability FROM signals.link_origins WHERE link_id = ?", [link_id]).fetchall()
    return float(rows[0][0])


def probability_from(**evidence: float) -> dict[str, float]:
    """Probability of each origin after the bundled calibration."""
    sums = np.array([[evidence.get(origin, 0.0) for origin in SIX_ORIGINS]])
    return dict(zip(SIX_ORIGINS, BUNDLED.probabilities(sums)[0], strict=True))


def test_the_likeliest_wins_and_torn_evidence_is_unknown(warehouse: duckdb.DuckDBPyConnection) -> None:
    rules = sign_rules(
        sign_rule("paid", "bought", 5.0), sign_rule("brand", "natural", 0.7), sign_rule("statistics", "spam", 3.8),
        sign_rule("weak", "spam", 0.5), sign_rule("no_follow", "bought", 2.8),
    )  # fmt: skip
    add_links(warehouse, a="paid brand", b="statistics weak", c="no_follow")
    judge_links(warehouse, rules=rules)
    check(
        warehouse,
        "signals.link_origins",
        f"""
        link_id | origin  | source_domain | known_from_on | known_until_on | told_by | rule_set
        a       | bought  | a.example     | 2026-01-01    |                |         | {rules.version}
        b       | spam    | b.example     | 2026-01-02    | 2026-03-01     |         | {rules.version}
        c       | unknown | c.example     | 2026-01-03    |                |         | {rules.version}
        """,
    )
    assert probability_of(warehouse, "a") == pytest.approx(probability_from(bought=5.0, natural=0.7)["bought"])
    assert probability_of(warehouse, "c") == pytest.approx(1 - max(probability_from(bought=2.8).values()))


def test_a_link_without_evidence_is_unknown_and_its_list_is_empty(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse)
    judge_links(warehouse, rules=sign_rules(sign_rule("paid", "bought", 5.0)))
    check(
        warehouse,
        "signals.link_origins",
        "link_id | origin | evidence\n a | unknown | []\n b | unknown | []\n c | unknown | []",
    )
    assert probability_of(warehouse, "a") == pytest.approx(1 - probability_from()["natural"])


def test_a_link_lost_before_its_first_export_was_known_for_that_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(warehouse)
    warehouse.execute("UPDATE staging.links SET lost_on = DATE '2025-12-01' WHERE link_id = 'c'")
    judge_links(warehouse, rules=sign_rules())
    days = rows_of(warehouse, "signals.link_origins", ("link_id", "known_from_on", "known_until_on"))
    assert days[2] == ("c", "2026-01-03", "2026-01-03")


@pytest.mark.parametrize(
    ("origin", "told"), [*((origin, "unknown") for origin in RISKY_ORIGINS), ("natural", "natural"), ("spam", "spam")]
)
def test_a_disclosed_link_has_no_arranged_origin_and_every_other_stays(
    warehouse: duckdb.DuckDBPyConnection, origin: str, told: str
) -> None:
    rules = sign_rules(sign_rule("some_rule", origin, 5.0))
    add_links(warehouse, a="some_rule")
    judge_links(warehouse, rules=rules)
    probability = probability_of(warehouse, "a")
    assert rows_of(warehouse, "signals.link_origins", ("link_id", "origin"))[0] == ("a", origin)
    warehouse.execute("UPDATE staging.links SET is_sponsored = true")
    judge_links(warehouse, rules=rules)
    assert rows_of(warehouse, "signals.link_origins", ("link_id", "origin"))[0] == ("a", told)
    assert probability_of(warehouse, "a") == pytest.approx(probability if told == origin else 1 - probability)


def test_evidence_is_listed_strongest_first_then_by_name(warehouse: duckdb.DuckDBPyConnection) -> None:
    rules = sign_rules(
        sign_rule("m", "spam", 0.5, seen="NULL"), sign_rule("z", "natural", 0.7, seen="'text'"),
        sign_rule("k", "spam", 0.5, seen="'low'", clause="L3"), sign_rule("b", "bought", -3.0, seen="source_host"),
    )  # fmt: skip
    add_links(warehouse, a="k b z m")
    judge_links(warehouse, rules=rules)
    rows = warehouse.execute("SELECT evidence FROM signals.link_origins WHERE link_id = 'a'").fetchall()
    assert rows[0][0] == [
        {"rule": "b", "weight": -3.0, "seen": None, "policy_clause": None},
        {"rule": "z", "weight": 0.7, "seen": "text", "policy_clause": None},
        {"rule": "k", "weight": 0.5, "seen": "low", "policy_clause": "L3"},
        {"rule": "m", "weight": 0.5, "seen": None, "policy_clause": None},
    ]


@pytest.mark.parametrize(
    ("said", "origin", "probability"),
    [
        ("told_origin = 'exchanged', told_by = 'label_link'", "exchanged", 1.0),
        ("is_allowed = true, told_by = 'allow_list'", "natural", 1.0),
        ("told_origin = 'exchanged', is_allowed = true, told_by = 'allow_list'", "natural", 1.0),
    ],
)
def test_what_the_team_says_stands_above_all_rules(
    warehouse: duckdb.DuckDBPyConnection, said: str, origin: str, probability: float
) -> None:
    add_links(warehouse, a="paid")
    judge_links(warehouse, rules=sign_rules(sign_rule("paid", "bought", 5.0)))
    warehouse.execute(f"UPDATE signals.link_marks SET {said} WHERE source_domain = 'a.example'")
    make(warehouse, "signals.link_origins")
    rows = warehouse.execute(
        "SELECT origin, probability, told_by IS NOT NULL, len(evidence) FROM signals.link_origins "
        "WHERE source_domain = 'a.example'"
    ).fetchall()
    assert rows == [(origin, probability, True, 1)]


WEIGHTS = st.lists(
    st.tuples(st.sampled_from(["natural", "spam", "bought", "exchanged"]), st.integers(-30, 60)), max_size=8
)


@settings(max_examples=8, deadline=None)
@given(weights=WEIGHTS, dice=st.randoms(use_true_random=False))
def test_order_of_rows_and_rules_does_not_change_the_last_digit(
    weights: list[tuple[str, int]], dice: random.Random
) -> None:
    rules = [sign_rule(f"rule{n}", origin, tenths / 10) for n, (origin, tenths) in enumerate(weights)]
    shuffled = rules.copy()
    dice.shuffle(shuffled)
    found = []
    for order in (rules, shuffled):
        with open_memory() as warehouse:
            add_links(warehouse, a=" ".join(rule.name for rule in rules), b="rule0")
            judge_links(warehouse, rules=sign_rules(*order))
            if order is shuffled:
                warehouse.execute("CREATE TABLE turned AS SELECT * FROM signals.link_marks ORDER BY link_number DESC")
                warehouse.execute("DELETE FROM signals.link_marks")
                warehouse.execute("INSERT INTO signals.link_marks SELECT * FROM turned")
                make(warehouse, "signals.link_origins")
            found.append(
                warehouse.execute(
                    "SELECT link_number, origin, probability, evidence FROM signals.link_origins ORDER BY link_number"
                ).fetchall()
            )
    assert found[0] == found[1]
    assert all(0 <= probability <= 1 for _, _, probability, _ in found[0])
