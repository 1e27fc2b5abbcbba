"""Labels of the team: which links carry one, what they teach, and what that does to every probability."""

from __future__ import annotations

import datetime

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.transforms.signals.sign_rules import anchor_of, sign_rule, sign_rules
from tests.transforms.text_tables import check, fill, judge_links
from transforms.schemas.signals_rules import LABEL_CORRECTIONS, SIX_ORIGINS
from transforms.signals import evidence_combinations, label_corrections
from transforms.signals.evidence_combinations import correction_of
from transforms.signals.label_calibration import NO_CORRECTION
from transforms.signals.origin_calibration import Calibration

AS_OF = datetime.date(2026, 6, 30)
PLAIN = Calibration(1.0, (2.0, 0.0, 0.0, 0.0, 0.0, 0.0), "v1")

LINK = {
    "site_domain": "kaas.example", "provider": "p", "target_url": "https://kaas.example/",
    "first_seen_on": "2026-05-01", "observed_on": "2026-06-01", "first_observed_on": "2026-06-01",
    "observation_count": 1, "merged_count": 0,
}  # fmt: skip


def rules_of(rule_set: str = "v1") -> pd.DataFrame:
    """One rule of texts for bought links, one of facts for natural ones."""
    return pd.DataFrame(
        {
            "rule_set": rule_set, "rule": ["paid", "liked"], "origin": ["bought", "natural"],
            "is_text": [True, False], "bit": [1, 1], "weight": [1.5, 1.0],
        }
    )  # fmt: skip


def labels_of(domain_count: int, origin: str, *, rule_set: str = "v1", offset: int = 0) -> pd.DataFrame:
    """Labels of as many domains, all with the sign of a bought link, spread over two hundred days."""
    numbers = np.arange(offset, offset + domain_count)
    return pd.DataFrame(
        {
            "link_id": [str(number) for number in numbers],
            "site_domain": "kaas.example",
            "provider": "p",
            "source_domain": [f"d{number}.example" for number in numbers],
            "origin": origin,
            "labelled_on": pd.Timestamp("2025-11-01") + pd.to_timedelta(numbers % 200, "D"),
            "rule_set": rule_set,
            "text_bits": 1,
            "fact_bits": 0,
        }
    )


def learn(labels: pd.DataFrame, rules: pd.DataFrame | None = None) -> pd.DataFrame:
    frames = {"signals.labelled_links": labels, "signals.origin_rules": rules_of() if rules is None else rules}
    return label_corrections.build(frames, as_of=AS_OF, calibration=PLAIN)


def bought_probability(corrections: pd.DataFrame, rule_set: str = "v1") -> float:
    frames = {
        "signals.mark_combinations": pd.DataFrame(
            {"rule_set": [rule_set], "text_bits": [1], "fact_bits": [0], "link_count": [1]}
        ),
        "signals.origin_rules": rules_of(rule_set),
        "signals.label_corrections": corrections,
    }
    found = evidence_combinations.build(frames, as_of=AS_OF, calibration=PLAIN)
    return float(found["bought_probability"].iloc[0])


def test_labels_that_help_on_unseen_domains_correct_every_link() -> None:
    corrections = learn(labels_of(300, "bought"))
    assert list(corrections.columns) == list(LABEL_CORRECTIONS.column_names)
    assert corrections["origin"].tolist() == list(SIX_ORIGINS)
    assert corrections["is_applied"].all()
    assert (corrections["brier_after"] < corrections["brier_before"]).all()
    bought = corrections.set_index("origin").loc["bought"]
    assert (bought["domain_count"], bought["label_count"], bought["split"]) == (300, 300, "time")
    assert bought["mean_after"] > bought["mean_before"]
    nothing = learn(labels_of(0, "bought"))
    assert nothing.empty
    assert bought_probability(corrections) > bought_probability(nothing) + 0.1
    assert bought_probability(corrections) == pytest.approx(bought["mean_after"], abs=1e-6)


def test_few_labels_change_nothing_and_are_counted() -> None:
    corrections = learn(labels_of(12, "bought"))
    assert set(corrections["reason"]) == {"too_few_labels"}
    assert not corrections["is_applied"].any()
    assert corrections.set_index("origin")["domain_count"]["bought"] == 12
    assert corrections["brier_before"].isna().all()
    assert correction_of(corrections, "v1") == NO_CORRECTION


def test_labels_that_do_not_help_are_reported_and_not_applied() -> None:
    """Early labels say bought, later ones natural: what the first teach makes the second worse."""
    early = labels_of(150, "bought").assign(labelled_on=pd.Timestamp("2026-01-01"))
    late = labels_of(60, "natural", offset=150).assign(labelled_on=pd.Timestamp("2026-03-01"))
    corrections = learn(pd.concat([early, late], ignore_index=True))
    assert set(corrections["reason"]) == {"does_not_improve"}
    assert corrections["brier_after"].iloc[0] > corrections["brier_before"].iloc[0]
    assert bought_probability(corrections) == bought_probability(learn(labels_of(0, "bought")))


def test_each_rule_set_learns_from_its_own_labels() -> None:
    labels = pd.concat([labels_of(300, "bought"), labels_of(5, "spam", rule_set="v2")], ignore_index=True)
    corrections = learn(labels, pd.concat([rules_of(), rules_of("v2")], ignore_index=True))
    assert corrections.groupby("rule_set")["is_applied"].all().to_dict() == {"v1": True, "v2": False}
    assert correction_of(corrections, "v2") == NO_CORRECTION
    assert bought_probability(corrections, "v2") < bought_probability(corrections, "v1")


def test_labels_of_a_later_day_are_unknown() -> None:
    later = labels_of(300, "bought").assign(labelled_on=pd.Timestamp(AS_OF) + pd.Timedelta(days=1))
    assert learn(later).empty


def test_labelled_links_are_those_a_person_judged(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.links",
        """
        link_id | source_url                | source_domain   | source_host
        1       | https://a.example/        | a.example       | a.example
        2       | https://b.example/x       | b.example       | b.example
        3       | https://placed.example/   | placed.example  | placed.example
        4       | https://allowed.example/  | allowed.example | allowed.example
        5       | https://nobody.example/   | nobody.example  | nobody.example
        """,
        anchor_text=anchor_of(["paid"]),
        **LINK,
    )
    warehouse.execute("UPDATE staging.links SET link_number = CAST(link_id AS BIGINT)")
    warehouse.execute(
        "INSERT INTO staging.hosts SELECT row_number() OVER (), source_host, source_domain FROM staging.links"
    )
    fill(
        warehouse,
        "staging.labels",
        """
        subject_kind | subject_key     | origin   | labelled_on
        domain       | a.example       | spam     | 2026-05-01
        link         | b.example/x     | bought   |
        domain       | allowed.example | bought   | 2026-05-01
        domain       | allowed.example | allowed  | 2026-05-02
        """,
        site_domain="kaas.example",
    )
    fill(
        warehouse,
        "staging.placements",
        "source_url | source_host | kind\nhttps://placed.example/ | placed.example | guest_post",
        site_domain="kaas.example",
    )
    judge_links(warehouse, rules=sign_rules(sign_rule("paid", "bought", 1.5)))
    check(
        warehouse,
        "signals.labelled_links",
        """
        link_id | origin | labelled_on | text_bits
        1       | spam   | 2026-05-01  | 1
        2       | bought |             | 1
        """,
    )
    rows = warehouse.execute(
        "SELECT origin, domain_count, label_count, reason FROM signals.label_corrections "
        "WHERE domain_count > 0 ORDER BY 1"
    ).fetchall()
    assert rows == [("bought", 1, 2, "too_few_labels"), ("spam", 1, 2, "too_few_labels")]
