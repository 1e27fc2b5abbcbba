"""What judgements of people say of the rules: a small correction of the probabilities, and whether it helps.

The correction has one bias per origin and one strength of the evidence::

    corrected = softmax(ln(probability) + (strength - 1) * evidence + bias)

so that bias 0 and strength 1 change nothing. It is a maximum a posteriori estimate with both held near "no change"
(:class:`LabelParameters`): five labels hardly move it, hundreds can. It is judged on labels it has not seen, of domains
it has not seen, and where it does not help there it is not applied.

Pages of one domain are one judgement: a label of a domain with a thousand links counts once, and all of it stands on
one side of every split. Labels are of links that somebody chose to look at, so a bias also takes up that choice: one
more reason to hold it near nothing. An origin with hardly any label keeps its bias of 0: that nobody looked for
exchanged links does not say there are none.

Pure functions: no table is read or written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize

from transforms.schemas.vocabulary import TOLD_ORIGINS

Floats = npt.NDArray[np.float64]

EVIDENCE_COLUMNS = tuple(f"{origin}_evidence" for origin in TOLD_ORIGINS)
PROBABILITY_COLUMNS = tuple(f"{origin}_probability" for origin in TOLD_ORIGINS)
COLUMNS = ("link_id", "source_domain", "labelled_on", "origin", *EVIDENCE_COLUMNS, *PROBABILITY_COLUMNS)
"""Columns of a frame of labels; ``labelled_on`` may be null, ``origin`` is what the team said."""

LEAST_PROBABILITY = 1e-6
"""Probabilities are held this far from 0, so that one confident mistake is dear and not infinite."""


@dataclass(frozen=True, kw_only=True)
class LabelParameters:
    """Priors, and how much is needed to learn and to judge."""

    bias_deviation: float = 0.25
    """Prior standard deviation of a bias, in log-odds: five labels that all contradict move the odds by about a third,
    a hundred of them by what they say. Weights of single rules are 0.5 to 3."""

    strength_deviation: float = 0.2
    """Prior standard deviation of the logarithm of the strength: a fifth stronger or weaker is no surprise."""

    least_origin_domains: int = 3
    """Domains labelled with an origin from which its bias may move: one or two are anecdotes."""

    least_train_domains: int = 20
    """Domains to learn from: fewer cannot outweigh the prior, and are not worth a report."""

    least_test_domains: int = 10
    """Domains to judge on: the mean loss of fewer is decided by one of them."""

    train_share: float = 0.7
    """Share of the domains, the earliest labelled ones, to learn from: the usual split."""

    fold_count: int = 5
    """Folds where the days of the labels make no split: the usual number."""

    bin_count: int = 10
    """Bins of the expected calibration error: the usual number."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What to do to probabilities; the default changes nothing."""

    biases: Mapping[str, float]
    """By origin, log-odds added."""

    strength: float = 1.0
    """What the evidence is multiplied by: below 1 the rules claim too much."""


NO_CORRECTION = Correction(biases=dict.fromkeys(TOLD_ORIGINS, 0.0))


@dataclass(frozen=True, kw_only=True)
class Scores:
    """How far probabilities are from labels, each domain weighing 1; 0 is best for all three."""

    log_loss: float
    """Mean of -ln(probability of the origin told)."""

    brier: float
    """Mean squared distance, summed over the origins: 0 to 2."""

    calibration_error: float
    """Expected calibration error of the likeliest origin, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class OriginChange:
    """How the correction moves one origin on the labels it was judged on."""

    origin: str
    domain_count: int
    """Domains labelled with it, of those learnt from and judged on."""
    bias: float
    mean_before: float
    mean_after: float
    largest_move: float
    """Largest change of its probability for a single link, with its sign."""


@dataclass(frozen=True, kw_only=True)
class Recalibration:
    """The correction, what it was learnt from, and what it does to labels it has not seen."""

    correction: Correction
    """To be applied; changes nothing unless ``is_applied``."""

    learnt: Correction
    """What was learnt, applied or not."""

    is_applied: bool
    reason: Literal["improves", "does_not_improve", "too_few_labels"]
    split: Literal["time", "folds", "none"]
    """How labels to judge on were kept apart: later labels of other domains, or folds of domains."""

    cutoff_on: pd.Timestamp | None
    """Last day learnt from; null unless split by time."""

    train_domain_count: int
    test_domain_count: int
    left_out_count: int
    """Labels of no use: another word than the six origins, or a later label of a domain learnt from."""

    before: Scores | None
    after: Scores | None
    """On the labels judged on; null with too few."""

    changes: tuple[OriginChange, ...]


def recalibrate(labels: pd.DataFrame, parameters: LabelParameters | None = None) -> Recalibration:
    """Learn a correction from ``labels`` (:data:`COLUMNS`, a row per labelled link) and judge it on others.

    Split by time, the correction is learnt from the earlier labels only. Where the days make no such split, each fold
    is judged by what the other folds teach, and the correction itself is learnt from all of them.

    Raises:
        KeyError: a column is missing; names it.
    """
    parameters = parameters or LabelParameters()
    if missing := [name for name in COLUMNS if name not in labels.columns]:
        raise KeyError(f"labels lack {', '.join(missing)}; found {', '.join(map(str, labels.columns))}")
    known = labels[labels["origin"].isin(TOLD_ORIGINS)].sort_values(["source_domain", "link_id"], ignore_index=True)
    train, test, cutoff_on = _split_by_time(known, parameters)
    if cutoff_on is not None:
        learnt = fit_correction(train, parameters)
        corrected = apply_correction(test, learnt)
        return _judge(learnt, train, test, corrected, "time", cutoff_on, len(labels), parameters)
    domain_count = known["source_domain"].nunique()
    if domain_count < parameters.least_train_domains + parameters.least_test_domains:
        return Recalibration(
            correction=NO_CORRECTION, learnt=NO_CORRECTION, is_applied=False, reason="too_few_labels", split="none",
            cutoff_on=None, train_domain_count=domain_count, test_domain_count=0,
            left_out_count=len(labels) - len(known), before=None, after=None, changes=(),
        )  # fmt: skip
    corrected = _predict_folds(known, parameters)
    learnt = fit_correction(known, parameters)
    return _judge(learnt, known, known, corrected, "folds", None, len(labels), parameters)


def fit_correction(labels: pd.DataFrame, parameters: LabelParameters | None = None) -> Correction:
    """The maximum a posteriori correction for ``labels``; no change where there are none."""
    parameters = parameters or LabelParameters()
    if labels.empty:
        return NO_CORRECTION
    evidence, log_odds = _evidence_of(labels), np.log(_probabilities_of(labels))
    told, weights = _told_of(labels), _weights_of(labels)
    counts = labels.groupby("origin")["source_domain"].nunique()
    is_free = np.array([counts.get(origin, 0) >= parameters.least_origin_domains for origin in TOLD_ORIGINS])

    def loss(values: Floats) -> tuple[float, Floats]:
        strength = np.exp(values[0])
        bias = np.where(is_free, values[1:], 0.0)
        corrected = _softmax(log_odds + (strength - 1) * evidence + bias)
        wrong = (corrected - told) * weights[:, None]
        slope = np.concatenate(([strength * (wrong * evidence).sum()], np.where(is_free, wrong.sum(axis=0), 0.0)))
        deviations = np.concatenate(([parameters.strength_deviation], np.full(len(bias), parameters.bias_deviation)))
        likelihood = -float((weights * np.log((corrected * told).sum(axis=1).clip(LEAST_PROBABILITY))).sum())
        return likelihood + float((values**2 / (2 * deviations**2)).sum()), slope + values / deviations**2

    found = minimize(loss, np.zeros(1 + len(TOLD_ORIGINS)), jac=True, method="L-BFGS-B").x
    biases = np.where(is_free, found[1:], 0.0)
    return Correction(biases=dict(zip(TOLD_ORIGINS, map(float, biases), strict=True)), strength=float(np.exp(found[0])))


def apply_correction(labels: pd.DataFrame, correction: Correction) -> Floats:
    """Corrected probabilities, a row per row of ``labels`` and a column per origin of ``TOLD_ORIGINS``.

    Of ``labels`` only the columns of evidence and probabilities are read, so any links will do.
    """
    return correct_probabilities(_probabilities_of(labels), _evidence_of(labels), correction)


def correct_probabilities(probabilities: Floats, evidence: Floats, correction: Correction) -> Floats:
    """The same for two arrays with a row per link and a column per origin of ``TOLD_ORIGINS``."""
    bias = np.array([correction.biases.get(origin, 0.0) for origin in TOLD_ORIGINS])
    kept = probabilities.clip(LEAST_PROBABILITY)
    return _softmax(np.log(kept / kept.sum(axis=1, keepdims=True)) + (correction.strength - 1) * evidence + bias)


def score(labels: pd.DataFrame, probabilities: Floats, parameters: LabelParameters | None = None) -> Scores:
    """How far ``probabilities`` (as of :func:`apply_correction`) are from what ``labels`` say."""
    parameters = parameters or LabelParameters()
    told, weights = _told_of(labels), _weights_of(labels)
    weights = weights / weights.sum()
    sure, is_right = probabilities.max(axis=1), told[np.arange(len(told)), probabilities.argmax(axis=1)]
    bins = np.minimum((sure * parameters.bin_count).astype(int), parameters.bin_count - 1)
    error = sum(abs(float((weights * (sure - is_right))[bins == number].sum())) for number in np.unique(bins))
    return Scores(
        log_loss=float((weights * _losses(told, probabilities)).sum()),
        brier=float((weights * ((probabilities - told) ** 2).sum(axis=1)).sum()),
        calibration_error=float(error),
    )


def _split_by_time(
    labels: pd.DataFrame, parameters: LabelParameters
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Timestamp | None]:
    """Labels up to a day, later labels of other domains, and the day; no day where one of the two has too few domains.

    Labels without a day are left out of both: nobody knows on which side they stand.
    """
    days = pd.to_datetime(labels["labelled_on"])
    first_days = days.groupby(labels["source_domain"]).min().dropna().sort_values()
    if len(first_days) < parameters.least_train_domains + parameters.least_test_domains:
        return labels, labels, None
    cutoff_on = first_days.iloc[int(len(first_days) * parameters.train_share) - 1]
    train = labels[days <= cutoff_on]
    test = labels[(days > cutoff_on) & ~labels["source_domain"].isin(train["source_domain"])]
    # A domain that has a label without a day as well may have been judged before: not unseen.
    test = test[~test["source_domain"].isin(labels.loc[days.isna(), "source_domain"])]
    if (
        train["source_domain"].nunique() < parameters.least_train_domains
        or test["source_domain"].nunique() < parameters.least_test_domains
    ):
        return labels, labels, None
    return train, test, cutoff_on


def _predict_folds(labels: pd.DataFrame, parameters: LabelParameters) -> Floats:
    """Each row corrected by what the folds without its domain teach; a domain's fold follows from its name alone."""
    folds = labels["source_domain"].map(
        lambda domain: int(hashlib.md5(domain.encode(), usedforsecurity=False).hexdigest(), 16) % parameters.fold_count
    )
    corrected = np.empty((len(labels), len(TOLD_ORIGINS)))
    for fold in range(parameters.fold_count):
        is_test = (folds == fold).to_numpy()
        learnt = fit_correction(labels[~is_test], parameters)
        corrected[is_test] = apply_correction(labels[is_test], learnt)
    return corrected


def _judge(
    learnt: Correction,
    train: pd.DataFrame,
    test: pd.DataFrame,
    corrected: Floats,
    split: Literal["time", "folds"],
    cutoff_on: pd.Timestamp | None,
    label_count: int,
    parameters: LabelParameters,
) -> Recalibration:
    current = _probabilities_of(test)
    before, after = score(test, current, parameters), score(test, corrected, parameters)
    is_applied = _is_better(test, current, corrected) and after.brier <= before.brier
    used = train if split == "folds" else pd.concat([train, test])
    return Recalibration(
        correction=learnt if is_applied else NO_CORRECTION,
        learnt=learnt,
        is_applied=is_applied,
        reason="improves" if is_applied else "does_not_improve",
        split=split,
        cutoff_on=cutoff_on,
        train_domain_count=train["source_domain"].nunique(),
        test_domain_count=test["source_domain"].nunique(),
        left_out_count=label_count - len(used),
        before=before,
        after=after,
        changes=_list_changes(learnt, used, test, current, corrected),
    )


def _is_better(test: pd.DataFrame, current: Floats, corrected: Floats) -> bool:
    """Whether the mean loss of a domain falls by more than its standard error: less is chance."""
    told = _told_of(test)
    gains = pd.Series(_losses(told, current) - _losses(told, corrected), index=test.index)
    by_domain = gains.groupby(test["source_domain"]).mean()
    return bool(float(by_domain.mean()) > float(by_domain.std()) / len(by_domain) ** 0.5)


def _list_changes(
    learnt: Correction, used: pd.DataFrame, test: pd.DataFrame, current: Floats, corrected: Floats
) -> tuple[OriginChange, ...]:
    weights = _weights_of(test)
    weights = weights / weights.sum()
    counts = used.groupby("origin")["source_domain"].nunique()
    moves = corrected - current
    return tuple(
        OriginChange(
            origin=origin,
            domain_count=int(counts.get(origin, 0)),
            bias=learnt.biases[origin],
            mean_before=float((weights * current[:, place]).sum()),
            mean_after=float((weights * corrected[:, place]).sum()),
            largest_move=float(moves[np.abs(moves[:, place]).argmax(), place]),
        )
        for place, origin in enumerate(TOLD_ORIGINS)
    )


def _evidence_of(labels: pd.DataFrame) -> Floats:
    return labels.loc[:, list(EVIDENCE_COLUMNS)].to_numpy(dtype="float64")


def _probabilities_of(labels: pd.DataFrame) -> Floats:
    """Current probabilities, kept off 0 and adding up to 1."""
    found = labels.loc[:, list(PROBABILITY_COLUMNS)].to_numpy(dtype="float64").clip(LEAST_PROBABILITY)
    kept: Floats = found / found.sum(axis=1, keepdims=True)
    return kept


def _told_of(labels: pd.DataFrame) -> Floats:
    """1 for the origin told, 0 for the others."""
    told: Floats = (labels["origin"].to_numpy()[:, None] == np.array(TOLD_ORIGINS, dtype=object)[None, :]).astype(
        "float64"
    )
    return told


def _weights_of(labels: pd.DataFrame) -> Floats:
    """Shares of a row in its domain: the rows of a domain weigh 1 together."""
    counts = labels.groupby("source_domain")["source_domain"].transform("size")
    weights: Floats = 1.0 / counts.to_numpy(dtype="float64")
    return weights


def _losses(told: Floats, probabilities: Floats) -> Floats:
    losses: Floats = -np.log((probabilities * told).sum(axis=1).clip(LEAST_PROBABILITY))
    return losses


def _softmax(log_odds: Floats) -> Floats:
    odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares
