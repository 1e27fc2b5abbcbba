"""Structural checks, generated from the schemas: required columns filled, keys unique, allowed words only."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.check import Check
from expectations.relations import rows_known
from transforms.schemas import Column, Table

REQUIRED, KEY_UNIQUE, ALLOWED = "required", "key_unique", "allowed"
KINDS = (REQUIRED, KEY_UNIQUE, ALLOWED)
"""What stands before the colon in the name of a structural check, and after ``check.`` in the key of its sentence."""


def structural_checks(declared: Table) -> Iterator[Check]:
    """One minimum per required column, per column with allowed values, and one for the key; none tolerates a row.

    The night column of a night table is left out: it chooses the rows judged, so it is never null among them.
    """
    if not declared.is_checked:
        return
    for column in declared.columns:
        if column.required and not (declared.slice == "night" and column.name == declared.night_column):
            yield _column_check(
                declared,
                column,
                REQUIRED,
                f'"{column.name}" IS NULL',
                "Declared as required: later stages count on it.",
            )
        if column.allowed:
            words = ", ".join(f"'{word}'" for word in column.allowed)
            yield _column_check(
                declared,
                column,
                ALLOWED,
                f'"{column.name}" NOT IN ({words})',
                "Any other word has no meaning downstream.",
            )
    yield _key_check(declared)


def _column_check(declared: Table, column: Column, kind: str, bad_row: str, reason: str) -> Check:
    return Check(
        name=f"{kind}:{declared.name}.{column.name}",
        table=declared.name,
        severity="minimum",
        bad_row=bad_row,
        reason=reason,
    )


def _key_check(declared: Table) -> Check:
    key = ", ".join(f'"{name}"' for name in declared.key)
    site = "" if "site_domain" in declared.key else "min(site_domain) AS site_domain, "
    return Check(
        name=f"{KEY_UNIQUE}:{declared.name}",
        table=declared.name,
        severity="minimum",
        # One aggregation over the key, which the engine spills to disk; a window would hold every row.
        rows=f"SELECT {site}{key}, count(*) AS row_count FROM ({rows_known(declared)}) AS known GROUP BY {key}",  # noqa: S608
        bad_row="row_count > 1",
        reason="A key that occurs twice would count its row twice.",
    )
