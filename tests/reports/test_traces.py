"""A number can be traced: the query, its tables, and its rows beside the page."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from reports.messages import LANGUAGES, has_sentence
from reports.site_pages import SITE_TABLES
from reports.traces import flatten, show_value, to_csv, to_parquet, trace
from tests.reports.invented_incident import DROP_ID
from tests.reports.invented_rows import AS_OF, EVERYTHING
from transforms.schemas import TABLES


def test_a_trace_names_the_tables_of_its_query() -> None:
    found = trace("site_link_days", [])
    assert found.tables == ("signals.daily_links",)
    assert "new_domain_count" in found.sql
    assert not found.has_files


@pytest.mark.parametrize("query", SITE_TABLES)
def test_every_query_is_named_in_words_and_reads_declared_tables(query: str) -> None:
    declared = {table.name for table in TABLES}
    assert has_sentence(f"source.{query}")
    assert set(trace(query, []).tables) <= declared
    assert trace(query, []).tables


def test_rows_beside_the_page_are_the_rows_of_its_query(report: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    folder = report / "sites" / EVERYTHING / "data"
    rows = pq.read_table(folder / "site_surges.parquet").to_pylist()
    stored = warehouse.execute(
        "SELECT surge_id, observed_count FROM surges.link_surges WHERE site_domain = $site AND as_of = $as_of",
        {"site": EVERYTHING, "as_of": AS_OF},
    ).fetchall()
    assert {(row["surge_id"], row["observed_count"]) for row in rows} == set(stored) != set()
    with (folder / "site_surges.csv").open(encoding="utf-8") as text:
        assert [row["surge_id"] for row in csv.DictReader(text)] == [row["surge_id"] for row in rows]
    for language in LANGUAGES:
        page = (report / "sites" / EVERYTHING / language / "data.html").read_text("utf-8")
        assert 'href="../data/site_surges.csv"' in page


def read_csv(report: Path, query: str) -> list[dict[str, str]]:
    with (report / "sites" / EVERYTHING / "data" / f"{query}.csv").open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_links_beside_the_page_name_their_incident_and_spam_is_among_them(report: Path) -> None:
    drops = {row["drop_id"] for row in read_csv(report, "incident_facts")}
    assert {row["drop_id"] for row in read_csv(report, "incident_links")} <= drops != set()
    assert DROP_ID in {row["drop_id"] for row in read_csv(report, "incident_links")}
    origins = {row["origin"] for row in read_csv(report, "site_links")}
    assert "spam" in origins and "bought" in origins


def test_the_data_page_says_what_each_query_was_asked(report: Path) -> None:
    page = (report / "sites" / EVERYTHING / "en" / "data.html").read_text("utf-8")
    for query in ("site_links", "site_lost_placements", "incident_links", "incident_pages", "disavow_domains",
                  "dossier_notes", "profile_pages"):  # fmt: skip
        section = page[page.index(f'id="{query}"') :]
        said, _, sql = section[: section.index("</pre>")].partition("<pre")
        for name in set(re.findall(r"\$(\w+)", sql)) - {"as_of", "site_domain"}:
            assert f"<code>${name} = " in said, (query, name)


def test_long_values_are_shown_in_short_form() -> None:
    assert show_value(["a", None, 0.7, "b"]) == "['a', NULL, 0.7, … 4]"
    assert show_value([datetime.date(2026, 1, 2)]) == "['2026-01-02']"


def test_lists_become_json_and_days_stay_days() -> None:
    day = datetime.date(2026, 1, 2)
    flat = flatten([{"day": day, "evidence": [{"rule": "a"}], "share": None}])
    assert json.loads(flat[0]["evidence"]) == [{"rule": "a"}]
    table = pq.read_table(io.BytesIO(to_parquet(flat))).to_pylist()
    assert (table[0]["day"], table[0]["share"]) == (day, None)
    assert to_csv(flat).decode() == 'day,evidence,share\n2026-01-02,"[{""rule"": ""a""}]",\n'


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)"])
def test_a_spreadsheet_runs_no_text_of_an_export(text: str) -> None:
    assert to_csv([{"anchor": text}]).decode() == f"anchor\n'{text}\n"
