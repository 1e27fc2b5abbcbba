"""What the team's labels say of the rules of link origins, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from reports.messages import say
from reports.quality_views import LabelCorrection
from transforms.schemas.vocabulary import ORIGINS


def say_labels(row: Mapping[str, object], language: str) -> list[str]:
    """Sentences of one correction: labels used, whether it is applied, how it was judged and by how much."""
    counts = {"labels": row["label_count"], "train": row["train_domain_count"], "test": row["test_domain_count"]}
    sentences = [say(f"origins.labels.{row['reason']}", language, **counts)]
    if row["split"] != "none":
        sentences.append(say("origins.labels.strength", language, strength=row["strength"]))
        sentences.append(say(f"origins.labels.split.{row['split']}", language, cutoff=row["cutoff_on"]))
        sentences.append(
            say(
                "origins.labels.scores", language,
                brier_before=row["brier_before"], brier_after=row["brier_after"],
                error_before=row["calibration_error_before"], error_after=row["calibration_error_after"],
                loss_before=row["log_loss_before"], loss_after=row["log_loss_after"],
            )
        )  # fmt: skip
    return sentences


def say_all_labels(corrections: Sequence[LabelCorrection], language: str) -> list[list[str]]:
    """For each rule set that anything is labelled under, its sentences and one for each origin that is judged."""
    told = []
    for _, rows in groupby(corrections, key=lambda row: row.rule_set):
        of_set = sorted(rows, key=lambda row: ORIGINS.index(row.origin))
        changes = [
            say("origins.labels.change", language, **asdict(row)) for row in of_set if row.mean_before is not None
        ]
        told.append([*say_labels(asdict(of_set[0]), language), *changes])
    return told
