"""Rules for tests: each applies to the links whose anchor text names it."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.signals.rule_set import Rule, RuleSet, Sentence, bundled_rules

SAYS = Sentence(en="Seen: {seen}.", nl="Gezien: {seen}.")


def sign_rule(name: str, origin: str, weight: float, **changed: object) -> Rule:
    """A rule that applies where the anchor text holds its name in brackets."""
    fields = {
        "name": name, "origin": origin, "weight": weight, "guess": weight, "question": SAYS, "says": SAYS,
        "source": "a test", "when": f"contains(anchor, '[{name}]')", "seen": "anchor",
    }  # fmt: skip
    return Rule.model_validate(fields | changed)


def sign_rules(*rules: Rule) -> RuleSet:
    """These rules and the bundled one about disclosure."""
    disclosed = [rule for rule in bundled_rules().rules if rule.name == "disclosed_as_sponsored"]
    return RuleSet((*rules, *disclosed))


def anchor_of(names: Iterable[str]) -> str:
    """An anchor text that names these rules."""
    return " ".join(f"[{name}]" for name in names)
