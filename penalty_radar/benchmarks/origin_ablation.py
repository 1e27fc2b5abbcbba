"""What is told without a family of rules: the same marks, with the weights of that family's rules set to nothing.

Marks say which rules apply and do not depend on weights, so that one run of signals serves every family. Calibration
stays that of the whole set: what is measured is the loss of the rules' evidence, not of a refitted rest.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

import duckdb
import pandas as pd

from transforms.signals import evidence_combinations
from transforms.signals.rule_set import Rule, RuleSet, bundled_rules

READ_BY = {
    "words in texts": (),
    "anchors": ("anchor_kind", "is_exact_anchor", "anchor_domain_count"),
    "authority and visits": ("source_authority", "page_authority", "source_traffic"),
    "groups of sources": (
        "lockstep_source_count",
        "lockstep_site_count",
        "path_domain_count",
        "title_domain_count",
        "customer_count",
        "burst_domain_count",
        "is_farm",
        "is_repeated_sitewide",
    ),
    "exchanges seen": ("exchange_form", "partner_site_count"),
    "batches": ("is_purchase_batch", "is_rented_batch"),
}
"""Families by what a rule reads: columns of signals.link_facts; of the first, rules that are given as words. A rule
that reads several belongs to each."""

_MARKS = """
SELECT CAST(link_number AS VARCHAR) AS link_id, rule_set, text_bits, fact_bits, told_origin AS said_origin, is_allowed
FROM signals.link_marks
"""


def families(rules: RuleSet | None = None) -> dict[str, frozenset[str]]:
    """Names of rules by family: those of each origin, then those by what they read. Families overlap."""
    every = (rules or bundled_rules()).rules
    named = {
        f"rules for {origin}": frozenset(rule.name for rule in every if rule.origin == origin)
        for origin in dict.fromkeys(rule.origin for rule in every)
    }
    for family, columns in READ_BY.items():
        named[family] = frozenset(rule.name for rule in every if _reads(rule, columns))
    return named


def _reads(rule: Rule, columns: Collection[str]) -> bool:
    return bool(set(rule.needs) & set(columns)) if columns else bool(rule.words)


def tell_without(
    connection: duckdb.DuckDBPyConnection, left_out: Mapping[str, frozenset[str]], *, as_of: datetime.date
) -> dict[str, pd.DataFrame]:
    """What the marks that now stand in ``signals`` tell without each family of rules.

    Args:
        connection: a warehouse whose signals are made.
        left_out: names of rules by family.
        as_of: the day of that run.

    Returns:
        For each family one row per link: link_id, told_origin, probability.
    """
    marks = connection.execute(_MARKS).df()
    rules = connection.execute("SELECT * FROM signals.origin_rules").df()
    combinations = connection.execute("SELECT * FROM signals.mark_combinations").df()
    told = {}
    for family, names in left_out.items():
        weights = rules["weight"].mask(rules["rule"].isin(names), 0.0)
        frames = {"signals.mark_combinations": combinations, "signals.origin_rules": rules.assign(weight=weights)}
        told[family] = _tell(marks, evidence_combinations.build(frames, as_of=as_of))
    return told


def _tell(marks: pd.DataFrame, combinations: pd.DataFrame) -> pd.DataFrame:
    """What signals.link_origins would say: what the team says itself stands above the rules."""
    links = marks.merge(combinations, on=["rule_set", "text_bits", "fact_bits"], validate="many_to_one")
    is_allowed = links["is_allowed"].astype(bool)
    said = links["said_origin"].mask(is_allowed, "natural")
    return pd.DataFrame(
        {
            "link_id": links["link_id"],
            "told_origin": said.fillna(links["origin"]),
            "probability": links["probability"].mask(said.notna(), 1.0),
        }
    )
