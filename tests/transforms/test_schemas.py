"""The declared tables hold together: they are the contract between the parts."""

import duckdb
import pytest

from transforms.schemas import ARRIVED_TABLES, TABLES, stage_tables, table
from transforms.stages import SCHEMAS, STAGES

EVERY_TABLE = (*TABLES, *ARRIVED_TABLES)
ESTIMATES = {
    "expected_count",
    "excess_count",
    "excess_low_count",
    "excess_high_count",
    "mean_count",
    "expected_synchronous_count",
    "expected_domain_count",
}  # counts that are not whole numbers


@pytest.mark.parametrize("declared", EVERY_TABLE, ids=lambda declared: declared.name)
def test_a_table_is_well_formed(declared):
    names = declared.column_names
    assert len(set(names)) == len(names), "a column is declared twice"
    assert set(declared.key) <= set(names)
    assert declared.night_column in names or declared.slice != "night"
    assert all(column.description.endswith((".", ")")) for column in declared.columns)


@pytest.mark.parametrize("declared", EVERY_TABLE, ids=lambda declared: declared.name)
def test_names_keep_the_grammar(declared):
    types = {"_on": "DATE", "_at": "TIMESTAMP", "_count": "BIGINT", "_share": "DOUBLE", "_domain": "VARCHAR"}
    for column in declared.columns:
        for ending, expected in types.items():
            if column.name.endswith(ending) and column.name not in ESTIMATES:
                assert column.type == expected, f"{declared.name}.{column.name}"
        assert column.name.startswith(("is_", "has_")) == (column.type == "BOOLEAN"), f"{declared.name}.{column.name}"


def test_the_same_name_has_one_type_everywhere():
    types: dict[str, set[str]] = {}
    for declared in EVERY_TABLE:
        for column in declared.columns:
            types.setdefault(column.name, set()).add(column.type)
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {
        # In evidence tables a struct, in the later stages JSON for people: both are "what speaks for it".
        "evidence": {"EVIDENCE", "VARCHAR"},
        # A number where every export of every link is kept (8 bytes instead of 17), text wherever people read it.
        "link_id": {"BIGINT", "VARCHAR"},
    }
    numbered = {d.name for d in EVERY_TABLE for c in d.columns if (c.name, c.type) == ("link_id", "BIGINT")}
    assert numbered == {"arrived.identified_links", "staging.link_observations", "staging.link_states"}


def test_every_stage_has_tables_and_every_statement_runs():
    connection = duckdb.connect()
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA {schema}")
    for declared in TABLES:
        connection.execute(declared.create_statement())
    made = {
        row[0] for row in connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
    }
    assert made == {declared.name for declared in TABLES}
    assert all(stage_tables(stage) for stage in STAGES)


def test_a_wrong_name_says_what_exists():
    with pytest.raises(KeyError, match=r"no table 'staging.link' is declared; there are .*staging.links"):
        table("staging.link")
