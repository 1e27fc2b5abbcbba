"""The rules of link origins that a run goes by: the bundled ones with the changes of the team's own file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from transforms.errors import UsageError
from transforms.schemas import table
from transforms.schemas.table import Column
from transforms.settings import Settings
from transforms.signals.origin_calibration import BUNDLED
from transforms.signals.rule_set import Rule, RuleSet, bundled_rules, load_rules
from transforms.warehouse import open_memory

FACTS = "signals.link_facts"

_WHAT_TO_DO = "Mend the rule; docs/methods-origins.md says what a rule may read."

TRIAL_VALUES = {
    "VARCHAR": ("CAST('a word' AS VARCHAR)", "CAST('' AS VARCHAR)", "CAST(NULL AS VARCHAR)"),
    "BIGINT": ("CAST(1 AS BIGINT)", "CAST(0 AS BIGINT)", "CAST(NULL AS BIGINT)"),
    "DOUBLE": ("CAST(1 AS DOUBLE)", "CAST(0 AS DOUBLE)", "CAST(NULL AS DOUBLE)"),
    "BOOLEAN": ("TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"),
    "DATE": ("DATE '2026-01-01'", "DATE '2026-01-01'", "CAST(NULL AS DATE)"),
}
"""By type, what three made-up links have in a column: texts that are no numbers, nothing, and what nobody knows."""


def read_rules(settings: Settings) -> RuleSet:
    """The rules in force, each tried by the engine when a file of the team's own changes them.

    Raises:
        UsageError: naming file, rule, what was found and what was expected. Nothing has been written.
    """
    rules = load_rules(settings.rules)
    if rules.version != bundled_rules().version:
        try_rules(rules, settings.rules)
    return rules


def try_rules(rules: RuleSet, path: Path) -> None:
    """Ask the engine every rule about three made-up links, so that a night does not stop over one.

    Raises:
        UsageError: the engine cannot answer a rule of ``path``, or its answer is no yes or no.
    """
    columns = table(FACTS).columns
    links = " UNION ALL ".join(
        f"SELECT {', '.join(f'{_value(column, place)} AS {column.name}' for column in columns)}" for place in range(3)
    )
    with open_memory() as connection:
        connection.execute(f"CREATE TABLE made_up_links AS {links}")
        for rule in rules.rules:
            _try_rule(connection, rule, f"{path}, [{rule.name}]")


def describe_rules(settings: Settings) -> str:
    """One line: which rules are in force, for ``penalty-radar doctor``."""
    rules, bundled = read_rules(settings), bundled_rules()
    calibrated = "calibrated" if rules.version == BUNDLED.rule_set else "with the calibration of another version"
    if rules.version == bundled.version:
        return f"rules: {len(rules.rules)} bundled, version {rules.version}, {calibrated}"
    before = {rule.name: rule for rule in bundled.rules}
    after = {rule.name: rule for rule in rules.rules}
    added = sorted(after.keys() - before.keys())
    off = sorted(before.keys() - after.keys())
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    told = "; ".join(
        f"{word} {', '.join(names)}" for word, names in (("added", added), ("off", off), ("changed", changed)) if names
    )
    return f"rules: {len(rules.rules)} with {settings.rules}, version {rules.version}, {calibrated}; {told}"


def _value(column: Column, place: int) -> str:
    return TRIAL_VALUES[column.type][place]


def _try_rule(connection: duckdb.DuckDBPyConnection, rule: Rule, where: str) -> None:
    for field, expression, expected in (
        ("when" if rule.when else "words", rule.condition, "BOOLEAN"),
        ("seen", rule.seen_expression, "VARCHAR"),
    ):
        try:
            found = connection.execute(
                f"SELECT typeof({expression}), {expression} FROM made_up_links"  # noqa: S608 - checked when loaded
            ).fetchall()
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            raise UsageError(f"{where} {field}", said, "SQL that the engine can answer", _WHAT_TO_DO) from error
        if (type_name := str(found[0][0])) not in (expected, '"NULL"'):
            wanted = "a condition that is true or false" if expected == "BOOLEAN" else "a text, CAST(... AS VARCHAR)"
            raise UsageError(f"{where} {field}", f"an answer of type {type_name}", wanted, _WHAT_TO_DO)
