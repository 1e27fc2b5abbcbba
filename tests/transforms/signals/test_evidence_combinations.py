"""signals.evidence_combinations: weights added up, made probabilities, and unknown where they say too little."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.schemas import table
from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.schemas.vocabulary import RISKY_ORIGINS
from transforms.signals.evidence_combinations import add_evidence, build
from transforms.signals.origin_calibration import Calibration
from transforms.signals.parameters import Parameters
from transforms.signals.rule_set import DISCLOSURE

AS_OF = datetime.date(2026, 6, 30)
PLAIN = Calibration(1.0, (0.0,) * 6, "v1")
Rules = list[tuple[str, bool, int, float]]
"""Origin, whether the rule reads texts, its bit, its weight."""


def rules_of(*rules: tuple[str, bool, int, float], rule_set: str = "v1", names: tuple[str, ...] = ()) -> pd.DataFrame:
    columns = ["origin", "is_text", "bit", "weight"]
    frame = pd.DataFrame(list(rules), columns=columns)
    frame["rule"] = list(names) or [f"rule{number}" for number in range(len(rules))]
    return frame.assign(rule_set=rule_set)


def judge(
    bits: list[tuple[int, int]], rules: pd.DataFrame, calibration: Calibration = PLAIN, rule_set: str = "v1"
) -> pd.DataFrame:
    """One row per pair of text bits and fact bits, in the order given."""
    combinations = pd.DataFrame(bits, columns=["text_bits", "fact_bits"]).assign(rule_set=rule_set, link_count=1)
    frames = {"signals.mark_combinations": combinations, "signals.origin_rules": rules}
    return build(frames, as_of=AS_OF, calibration=calibration)


def test_weights_of_the_rules_that_apply_add_up_by_origin() -> None:
    rules = rules_of(
        ("bought", True, 1, 1.6), ("bought", True, 2, 0.8), ("spam", False, 1, -0.5), ("natural", False, 1 << 61, 0.3)
    )
    text_bits, fact_bits = np.array([0, 1, 3, 0]), np.array([0, 0, 1, 1 << 61])
    found = add_evidence(text_bits, fact_bits, rules)
    columns = {origin: found[:, SIX_ORIGINS.index(origin)].tolist() for origin in SIX_ORIGINS}
    assert columns["bought"] == [0, 1.6, 2.4, 0]
    assert columns["spam"] == [0, 0, -0.5, 0]
    assert columns["natural"] == [0, 0, 0, 0.3]
    assert not any(columns["exchanged"] + columns["guest_post"] + columns["link_programme"])


def test_probabilities_are_the_softmax_of_the_calibrated_sums() -> None:
    calibration = Calibration(0.5, (1.0, 0.0, 0.0, 0.0, 0.0, -1.0), "v1")
    row = judge([(1, 0)], rules_of(("bought", True, 1, 4.0)), calibration).iloc[0]
    sums = dict(zip(SIX_ORIGINS, calibration.bias, strict=True))
    sums["bought"] += 4.0
    odds = {origin: np.exp(0.5 * value) for origin, value in sums.items()}
    for origin in SIX_ORIGINS:
        assert row[f"{origin}_probability"] == pytest.approx(odds[origin] / sum(odds.values()))
    assert (row["origin"], row["bought_evidence"]) == ("bought", 4.0)
    assert row["probability"] == row["bought_probability"]


@pytest.mark.parametrize(
    ("weight", "others", "told"),
    [
        (1.5, (), False),  # thin: e to the 1.5 against five others is less than even
        (2.0, (), True),
        (0.0, (), False),  # nothing but base rates
        (2.0, (("spam", True, 1, 2.0), ("natural", True, 1, 2.0)), False),  # torn: a third each
        (-1.0, (), False),
    ],
)
def test_thin_or_torn_evidence_is_unknown(weight: float, others: Rules, told: bool) -> None:
    row = judge([(1, 0)], rules_of(("bought", True, 1, weight), *others)).iloc[0]
    assert row["origin"] == ("bought" if told else "unknown")
    best = max(row[f"{origin}_probability"] for origin in SIX_ORIGINS)
    assert row["probability"] == pytest.approx(best if told else 1 - best)
    assert Parameters().least_probability == 0.5


@pytest.mark.parametrize("origin", SIX_ORIGINS)
def test_disclosure_rules_arranged_origins_out_and_changes_no_probability(origin: str) -> None:
    rules = rules_of((origin, True, 1, 5.0), ("bought", False, 1, 0.0), names=("some", DISCLOSURE))
    plain, disclosed = (row for _, row in judge([(1, 0), (1, 1)], rules).iterrows())
    assert plain["origin"] == origin
    assert disclosed["origin"] == ("unknown" if origin in RISKY_ORIGINS else origin)
    for name in SIX_ORIGINS:
        assert disclosed[f"{name}_probability"] == plain[f"{name}_probability"]


def test_ties_go_to_the_origin_that_accuses_least() -> None:
    order = ["natural", "spam", "guest_post", "exchanged"]
    for kept in (order, order[1:], order[2:]):
        rules = rules_of(*((origin, True, 1, 3.0) for origin in reversed(kept)))
        calibrated = replace(PLAIN, slope=2.0)
        params = Parameters(least_probability=0.2)
        combinations = pd.DataFrame({"rule_set": ["v1"], "text_bits": [1], "fact_bits": [0], "link_count": [1]})
        frames = {"signals.mark_combinations": combinations, "signals.origin_rules": rules}
        found = build(frames, as_of=AS_OF, params=params, calibration=calibrated)
        assert found["origin"].tolist() == [kept[0]]


def test_each_rule_set_is_judged_by_its_own_rules_and_says_whether_it_is_calibrated() -> None:
    rules = pd.concat([rules_of(("spam", True, 1, 3.0)), rules_of(("bought", True, 1, 3.0), rule_set="v2")])
    both = pd.DataFrame({"rule_set": ["v2", "v1"], "text_bits": [1, 1], "fact_bits": [0, 0], "link_count": [1, 1]})
    frames = {"signals.mark_combinations": both, "signals.origin_rules": rules}
    found = build(frames, as_of=AS_OF, calibration=PLAIN).set_index("rule_set")
    assert found["origin"].to_dict() == {"v1": "spam", "v2": "bought"}
    assert found["is_calibrated"].to_dict() == {"v1": True, "v2": False}


def test_without_links_there_is_nothing_and_every_column() -> None:
    found = judge([], rules_of(("spam", True, 1, 3.0)))
    assert len(found) == 0
    assert set(table("signals.evidence_combinations").column_names) <= set(found.columns)


RULES = st.lists(
    st.tuples(st.sampled_from(SIX_ORIGINS), st.booleans(), st.integers(0, 61), st.floats(-20, 20)), max_size=20
)
BITS = st.lists(st.tuples(st.integers(0, 2**62 - 1), st.integers(0, 2**62 - 1)), min_size=1, max_size=8, unique=True)


@settings(max_examples=40, deadline=None)
@given(rules=RULES, bits=BITS, dice=st.randoms(use_true_random=False))
def test_order_of_rows_and_rules_changes_nothing(
    rules: list[tuple[str, bool, int, float]], bits: list[tuple[int, int]], dice: object
) -> None:
    told = [(origin, is_text, 1 << place, weight) for origin, is_text, place, weight in rules]
    turned, turned_bits = told.copy(), bits.copy()
    dice.shuffle(turned)  # type: ignore[attr-defined]
    dice.shuffle(turned_bits)  # type: ignore[attr-defined]
    keys = ["text_bits", "fact_bits"]
    found = [
        judge(order, rules_of(*listed)).sort_values(keys, ignore_index=True)
        for order, listed in ((bits, told), (turned_bits, turned))
    ]
    pd.testing.assert_frame_equal(found[0], found[1], check_exact=True)
    sums = found[0][[f"{origin}_probability" for origin in SIX_ORIGINS]].sum(axis=1)
    np.testing.assert_allclose(sums, 1.0)


@settings(max_examples=40, deadline=None)
@given(rules=RULES, bits=st.integers(0, 2**62 - 1), weight=st.floats(0, 20))
def test_one_more_sign_of_a_natural_link_never_adds_risk(
    rules: list[tuple[str, bool, int, float]], bits: int, weight: float
) -> None:
    told = [(origin, True, 1 << place, value) for origin, _, place, value in rules]
    listed = rules_of(*told, ("natural", False, 1, weight))
    without, with_it = (row for _, row in judge([(bits, 0), (bits, 1)], listed).iterrows())
    for origin in (*RISKY_ORIGINS, "spam"):
        assert with_it[f"{origin}_probability"] <= without[f"{origin}_probability"] + 1e-12
    if with_it["origin"] in RISKY_ORIGINS:
        assert without["origin"] == with_it["origin"]
