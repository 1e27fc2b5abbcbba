"""signals.origin_rules: the rules in force, as rows, so that results can be read with the rules they came from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pandas as pd

from transforms.signals.rule_set import RuleSet

READS = ("signals.origin_rules", "signals.mark_combinations")
NEEDS_RULES = True


def build(frames: Mapping[str, pd.DataFrame], *, as_of: datetime.date, rules: RuleSet) -> pd.DataFrame:
    """One row per rule of the set in force, and the rules of older sets that some site's marks still stand on."""
    rows = [
        {
            "rule_set": rules.version,
            "rule": rule.name,
            "is_text": rule.is_text,
            "bit": bit,
            "origin": rule.origin,
            "weight": rule.weight,
            "question_en": rule.question.en,
            "question_nl": rule.question.nl,
            "says_en": rule.says.en,
            "says_nl": rule.says.nl,
            "needs": ", ".join(rule.needs),
            "condition": rule.condition,
            "policy_clause": rule.clause,
            "source": rule.source,
        }
        for rule, bit in rules.numbered
    ]
    known = frames["signals.origin_rules"]
    still_used = set(frames["signals.mark_combinations"]["rule_set"]) - {rules.version}
    return pd.concat([known[known["rule_set"].isin(still_used)], pd.DataFrame(rows)], ignore_index=True)
