"""signals.label_corrections: what the team's labels teach about the rules, and whether it is applied."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd

from transforms.schemas.signals_rules import LABEL_CORRECTIONS, SIX_ORIGINS
from transforms.signals.evidence_combinations import add_evidence
from transforms.signals.label_calibration import (
    EVIDENCE_COLUMNS,
    PROBABILITY_COLUMNS,
    LabelParameters,
    Recalibration,
    recalibrate,
)
from transforms.signals.origin_calibration import BUNDLED, Calibration

READS = ("signals.labelled_links", "signals.origin_rules")


def build(
    frames: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    parameters: LabelParameters | None = None,
    calibration: Calibration = BUNDLED,
) -> pd.DataFrame:
    """Six rows, one per origin, for each rule set that labelled links stand on; columns as declared.

    Labels of all sites teach one correction: a site has few, and the rules are the same. Labels of later than ``as_of``
    are unknown to it.
    """
    links, rules = frames["signals.labelled_links"], frames["signals.origin_rules"]
    is_known = ~(pd.to_datetime(links["labelled_on"]) > pd.Timestamp(as_of))
    rows = []
    for rule_set, labels in links[is_known].groupby("rule_set", sort=True):
        of_set = rules[rules["rule_set"] == rule_set]
        found = recalibrate(weigh_labels(labels, of_set, calibration), parameters)
        rows += _rows_of(str(rule_set), labels, found)
    return pd.DataFrame(rows, columns=list(LABEL_CORRECTIONS.column_names))


def weigh_labels(labels: pd.DataFrame, rules: pd.DataFrame, calibration: Calibration) -> pd.DataFrame:
    """``labels`` with evidence and uncorrected probability of each origin, as ``recalibrate`` reads them."""
    text_bits, fact_bits = (labels[name].to_numpy(dtype=np.int64) for name in ("text_bits", "fact_bits"))
    evidence = add_evidence(text_bits, fact_bits, rules)
    weighed = labels.reset_index(drop=True)
    weighed[list(EVIDENCE_COLUMNS)] = evidence
    weighed[list(PROBABILITY_COLUMNS)] = calibration.probabilities(evidence)
    return weighed


def _rows_of(rule_set: str, labels: pd.DataFrame, found: Recalibration) -> list[dict[str, object]]:
    whole = {
        "rule_set": rule_set,
        "strength": found.learnt.strength,
        "is_applied": found.is_applied,
        "reason": found.reason,
        "split": found.split,
        "cutoff_on": found.cutoff_on,
        "label_count": len(labels),
        "train_domain_count": found.train_domain_count,
        "test_domain_count": found.test_domain_count,
    }
    for when, scores in (("before", found.before), ("after", found.after)):
        for name in ("log_loss", "brier", "calibration_error"):
            whole[f"{name}_{when}"] = getattr(scores, name) if scores else None
    changes = {change.origin: asdict(change) for change in found.changes}
    counts = labels.groupby("origin")["source_domain"].nunique()
    untouched = {"bias": 0.0, "mean_before": None, "mean_after": None, "largest_move": None}
    return [
        whole | {"origin": origin, "domain_count": int(counts.get(origin, 0))} | untouched | changes.get(origin, {})
        for origin in SIX_ORIGINS
    ]
