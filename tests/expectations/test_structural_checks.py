"""Structural checks come from the schemas; each can fail, and fails for the site that broke it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

import duckdb
import pytest

from expectations.check import WAREHOUSE, Check
from expectations.runner import check_stage
from expectations.structure import structural_checks
from transforms.schemas import Table, stage_tables
from transforms.stages import STAGES

OpenWorld = Callable[[Sequence[str]], duckdb.DuckDBPyConnection]

BROKEN_BY = {
    "required": 'UPDATE {table} SET "{column}" = NULL WHERE {one}',
    "allowed": """UPDATE {table} SET "{column}" = 'nonsense' WHERE {one}""",
    "key_unique": "INSERT INTO {table} SELECT * FROM {table} WHERE {one}",
}


def checks_of(stage: str) -> list[tuple[Table, Check]]:
    return [(declared, check) for declared in stage_tables(stage) for check in structural_checks(declared)]


def one_row(declared: Table, site: str) -> str:
    """The newest row of the site: the one that a check of observations looks at. Of what is shared, a row each."""
    if declared.name == "staging.hosts":
        return f"host = 'www.{site}'"
    if is_of_all(declared):
        return f"rowid = {site.removeprefix('site').removesuffix('.example')}"
    if "site_domain" not in declared.column_names:
        return f"file_id = '{site}-0'"
    return f"rowid = (SELECT max(rowid) FROM {declared.name} WHERE site_domain = '{site}' AND {newest(declared)})"


def is_of_all(declared: Table) -> bool:
    """Whether the table belongs to no site, so that a fault in it concerns the warehouse as a whole."""
    return not {"site_domain", "file_id"} & set(declared.column_names)


def newest(declared: Table) -> str:
    """Ledger rows that are not loaded are left out: the newest file of the site is the one with age 0."""
    return "file_id LIKE '%-0'" if declared.name == "ingest.export_files" else "true"


@pytest.mark.parametrize("stage", STAGES)
def test_each_structural_check_fails_where_it_is_broken(
    stage: str, open_world: OpenWorld, as_of: datetime.date
) -> None:
    checks = checks_of(stage)
    sites = {check.name: f"site{number}.example" for number, (_, check) in enumerate(checks)}
    connection = open_world([*sites.values(), "healthy.example"])
    for declared, check in checks:
        kind, _, subject = check.name.partition(":")
        one = one_row(declared, sites[check.name])
        connection.execute(BROKEN_BY[kind].format(table=declared.name, column=subject.rpartition(".")[2], one=one))

    outcomes = check_stage(connection, stage, as_of=as_of).outcomes

    unmet = outcomes[~outcomes["is_met"]]
    found = set(zip(unmet["check_name"], unmet["site_domain"], strict=True))
    for declared, check in checks:
        # A row that names no site (or no file, hence no site) concerns the warehouse as a whole; so does what is shared
        # by all sites.
        nameless = check.name.endswith(".site_domain") or check.name == "required:ingest.rejected_rows.file_id"
        nameless |= "site_domain" not in declared.column_names and declared.name != "ingest.rejected_rows"
        assert (check.name, WAREHOUSE if nameless else sites[check.name]) in found, check.name
    assert "healthy.example" not in set(unmet["site_domain"])
    structural = {(name, site) for name, site in found if ":" in name and site != WAREHOUSE}
    assert structural <= set(sites.items()), "a structural check failed for a site that did not break it"


def test_the_night_of_a_night_table_is_not_checked_for_null() -> None:
    names = {check.name for stage in STAGES for _, check in checks_of(stage)}
    assert "required:surges.link_surges.as_of" not in names
    assert "required:surges.link_surges.surge_id" in names
    assert "key_unique:surges.link_surges" in names
    assert "allowed:surges.link_surges.origin" in names


def test_a_row_of_no_site_breaks_the_warehouse(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(["a.example", "b.example"])
    connection.execute("UPDATE surges.link_surges SET site_domain = NULL WHERE site_domain = 'a.example'")

    result = check_stage(connection, "surges", as_of=as_of)

    assert result.is_warehouse_broken
    assert "*: required:surges.link_surges.site_domain" in result.broken
    assert result.held_back == frozenset()
