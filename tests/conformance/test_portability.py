"""Every relational stage stays inside the portable subset; no second engine is needed to see that."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from tests.conformance.portable import Stage, compile_for_spark, find_stages, parse, problems_of
from transforms.schemas import table

STAGES = find_stages()


def test_there_are_stages_to_look_at() -> None:
    assert {"staging.links", "signals.link_evidence"} <= {stage.name for stage in STAGES}


@pytest.mark.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
def test_stage_uses_the_portable_subset(stage: Stage) -> None:
    assert problems_of(stage) == []


@pytest.mark.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
def test_stage_compiles_and_names_every_declared_column(stage: Stage) -> None:
    declared = set(table(stage.name).column_names)
    assert set(parse(stage).named_selects) == declared
    assert sqlglot.parse_one(compile_for_spark(stage), read="spark") is not None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT a FROM staging.links QUALIFY row_number() OVER (ORDER BY a) = 1", "QUALIFY"),
        ("SELECT count(*) FILTER (WHERE a) AS n FROM staging.links", "FILTER"),
        ("SELECT list(a ORDER BY b) AS l FROM staging.links", "ordered list"),
        ("SELECT a[1:5] AS l FROM staging.links", "slice"),
        ("SELECT a FROM staging.links ASOF JOIN staging.outlinks ON links.b >= outlinks.b", "ASOF"),
        ("SELECT isodow(a) AS d FROM staging.links", "function"),
        ("SELECT quantile_cont(a, 0.5) AS m FROM staging.links", "function"),
        ("SELECT sum(a) OVER w AS s FROM staging.links WINDOW w AS (ORDER BY b)", "named window"),
        ("SELECT current_date AS d FROM staging.links", "clock"),
        ("SELECT a FROM staging.nowhere", "not declared"),
        ("SELECT * FROM staging.links", "name the columns"),
    ],
)
def test_what_is_not_portable_is_found(query: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "links.sql"
    path.write_text(query, encoding="utf-8")
    assert any(reason.lower() in problem.lower() for problem in problems_of(Stage("staging.links", path)))
