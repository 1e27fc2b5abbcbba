"""Recalibration with judgements of people, on simulated labels whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from transforms.schemas.vocabulary import TOLD_ORIGINS
from transforms.signals.label_calibration import (
    COLUMNS,
    EVIDENCE_COLUMNS,
    NO_CORRECTION,
    PROBABILITY_COLUMNS,
    Correction,
    LabelParameters,
    Recalibration,
    apply_correction,
    fit_correction,
    recalibrate,
    score,
)

PRIOR = np.log([0.6, 0.06, 0.05, 0.04, 0.05, 0.2])


def simulate(
    domain_count: int, *, seed: int = 1, bias: float = 0.0, strength: float = 1.0, days: int = 200, links: int = 2
) -> pd.DataFrame:
    """Labels whose truth follows the rules, but for ``bias`` of bought links and ``strength`` of the evidence."""
    random = np.random.default_rng(seed)
    evidence = np.where(random.random((domain_count, 6)) < 0.3, random.normal(1.2, 1.0, (domain_count, 6)), 0.0)
    wrong = np.array([0.0, bias, 0.0, 0.0, 0.0, 0.0])
    truth = _softmax(PRIOR + strength * evidence + wrong)
    told = [random.choice(TOLD_ORIGINS, p=row) for row in truth]
    frame = pd.DataFrame(
        {
            "source_domain": [f"d{number}.example" for number in range(domain_count)],
            "labelled_on": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, days, domain_count), "D"),
            "origin": told,
        }
    )
    frame[list(EVIDENCE_COLUMNS)] = evidence
    frame[list(PROBABILITY_COLUMNS)] = _softmax(PRIOR + evidence)
    frame = frame.loc[frame.index.repeat(links)].reset_index(drop=True)
    return frame.assign(link_id=[str(number) for number in range(len(frame))])


def _softmax(log_odds: np.ndarray) -> np.ndarray:
    odds = np.exp(log_odds)
    shares: np.ndarray = odds / odds.sum(axis=1, keepdims=True)
    return shares


def test_biased_rules_are_corrected_and_the_correction_holds_on_new_domains() -> None:
    found = recalibrate(simulate(600, bias=1.5))
    assert (found.is_applied, found.reason, found.split) == (True, "improves", "time")
    assert found.before is not None
    assert found.after is not None
    assert found.after.log_loss < 0.95 * found.before.log_loss
    assert found.after.brier < found.before.brier
    bought = next(change for change in found.changes if change.origin == "bought")
    assert bought.bias > 0.5
    assert bought.mean_after > bought.mean_before
    fresh = simulate(2000, seed=99, bias=1.5)
    before = score(fresh, apply_correction(fresh, NO_CORRECTION))
    after = score(fresh, apply_correction(fresh, found.correction))
    assert after.log_loss < 0.95 * before.log_loss
    assert after.calibration_error < before.calibration_error


def test_rules_that_claim_too_much_are_toned_down() -> None:
    found = recalibrate(simulate(800, strength=0.3))
    assert found.is_applied
    assert found.correction.strength < 0.8


@pytest.mark.parametrize("seed", range(5))
def test_rules_that_are_right_are_left_alone(seed: int) -> None:
    found = recalibrate(simulate(400, seed=seed))
    moves = apply_correction(simulate(400, seed=50), found.correction) - apply_correction(
        simulate(400, seed=50), NO_CORRECTION
    )
    assert np.abs(moves).max() < 0.1
    assert found.before is not None
    assert found.after is not None
    assert not found.is_applied or found.after.log_loss < found.before.log_loss


def test_five_labels_hardly_move_anything_and_are_not_applied() -> None:
    few = simulate(5).assign(origin="bought")
    found = recalibrate(few)
    assert (found.is_applied, found.reason, found.split) == (False, "too_few_labels", "none")
    assert found.correction == NO_CORRECTION
    assert (found.before, found.after, found.changes) == (None, None, ())
    learnt = fit_correction(few)
    moves = apply_correction(few, learnt) - apply_correction(few, NO_CORRECTION)
    assert np.abs(moves).max() < 0.1


def test_a_correction_that_does_not_help_is_not_applied() -> None:
    """The team changed its mind: what it says later is not what it said before."""
    labels = simulate(600, bias=2.0)
    cutoff_on = recalibrate(labels).cutoff_on
    later = labels["labelled_on"] > cutoff_on
    labels.loc[later, "origin"] = "natural"
    found = recalibrate(labels)
    assert (found.is_applied, found.reason, found.correction) == (False, "does_not_improve", NO_CORRECTION)
    assert found.learnt.biases["bought"] > 0.5


def test_no_label_to_judge_on_is_learnt_from() -> None:
    labels = simulate(600, bias=1.5)
    found = recalibrate(labels)
    poisoned = labels.copy()
    poisoned.loc[poisoned["labelled_on"] > found.cutoff_on, "origin"] = "spam"
    assert recalibrate(poisoned).learnt == found.learnt
    assert recalibrate(poisoned).after != found.after


def test_a_domain_learnt_from_is_never_judged_on() -> None:
    labels = simulate(400, links=3)
    labels["labelled_on"] += pd.to_timedelta(np.tile([0, 0, 300], 400), "D")  # each domain labelled once more, later
    found = recalibrate(labels)
    assert (found.split, found.train_domain_count) == ("time", 280)
    assert found.train_domain_count + found.test_domain_count == 400
    assert found.left_out_count == 280


@pytest.mark.parametrize("days", ["same", "none"])
def test_without_days_to_split_by_domains_are_folded(days: str) -> None:
    labels = simulate(600, bias=1.5)
    labels["labelled_on"] = pd.Timestamp("2026-05-01") if days == "same" else pd.NaT
    found = recalibrate(labels)
    assert (found.split, found.is_applied, found.cutoff_on) == ("folds", True, None)
    assert found.correction == fit_correction(labels.sort_values(["source_domain", "link_id"], ignore_index=True))


def test_no_fold_sees_the_labels_it_is_judged_on() -> None:
    """Labels drawn without any rhyme teach nothing: were they seen, the figures would improve."""
    labels = simulate(300)
    labels["labelled_on"] = pd.NaT
    random = np.random.default_rng(7)
    per_domain = random.choice(TOLD_ORIGINS, 300, p=np.exp(PRIOR) / np.exp(PRIOR).sum())
    labels[list(EVIDENCE_COLUMNS)] = 0.0
    labels[list(PROBABILITY_COLUMNS)] = np.exp(PRIOR) / np.exp(PRIOR).sum()
    labels["origin"] = np.repeat(per_domain, 2)
    found = recalibrate(labels)
    assert found.before is not None
    assert found.after is not None
    assert found.after.log_loss > found.before.log_loss - 0.01


def test_origins_nobody_labelled_keep_their_bias_and_other_words_are_left_out() -> None:
    labels = simulate(600, bias=1.5)
    only = labels[labels["origin"].isin(["natural", "bought"])]
    odd = only.head(4).assign(origin=["allowed", "unknown", "allowed", "unknown"], link_id=["x1", "x2", "x3", "x4"])
    found = recalibrate(pd.concat([only, odd]))
    assert found.left_out_count == 4
    assert {origin: bias for origin, bias in found.learnt.biases.items() if bias == 0.0}.keys() == {
        "exchanged", "guest_post", "link_programme", "spam"
    }  # fmt: skip
    assert {change.origin: change.domain_count for change in found.changes}["spam"] == 0


def test_a_domain_with_a_thousand_links_counts_once() -> None:
    labels = simulate(60, links=1)
    big = labels[labels["source_domain"] == "d0.example"].assign(origin="bought")
    many = pd.concat([labels[labels["source_domain"] != "d0.example"], *[big] * 1000], ignore_index=True)
    many["link_id"] = [str(number) for number in range(len(many))]
    once = pd.concat([labels[labels["source_domain"] != "d0.example"], big], ignore_index=True)
    assert fit_correction(many).biases == pytest.approx(fit_correction(once).biases, abs=1e-3)


def test_the_order_of_rows_changes_nothing() -> None:
    labels = simulate(300, bias=1.0)
    assert _figures(recalibrate(labels.sample(frac=1.0, random_state=3))) == _figures(recalibrate(labels))


def _figures(found: Recalibration) -> object:
    return replace(found, changes=())


def test_nothing_to_learn_from() -> None:
    empty = simulate(1).head(0)
    assert fit_correction(empty) == NO_CORRECTION
    assert recalibrate(empty).reason == "too_few_labels"
    with pytest.raises(KeyError, match="labels lack labelled_on"):
        recalibrate(empty.drop(columns="labelled_on"))
    assert set(COLUMNS) <= set(empty.columns)


def test_a_tighter_prior_moves_less() -> None:
    labels = simulate(300, bias=1.5)
    loose, tight = (fit_correction(labels, LabelParameters(bias_deviation=deviation)) for deviation in (1.0, 0.05))
    assert abs(tight.biases["bought"]) < abs(loose.biases["bought"])
    assert isinstance(tight, Correction)
