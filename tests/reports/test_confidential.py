"""What is about one site names no other: each folder is searched for every other monitored domain."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from reports.build import ReportOutcome
from reports.client_words import SEEN_AT_OTHERS, clear_row, fill_seen
from reports.messages import LANGUAGES
from reports.pack import pack_sites
from tests.reports.invented_rows import EMPTY, EVERYTHING, GENERATED_AT, HOSTILE_SITE, LINKS_ONLY, RANKINGS_ONLY, insert
from transforms.errors import BadInputError
from transforms.signals.rule_set import bundled_rules

SITES = (EVERYTHING, LINKS_ONLY, RANKINGS_ONLY, EMPTY, HOSTILE_SITE)
SHARING = f"{LINKS_ONLY}, {RANKINGS_ONLY}"


def named_in(folder: Path, own: str) -> set[tuple[str, str]]:
    """(file, site) of every other monitored domain in the pages and data of a folder."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            text = str(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_text("utf-8")
            found |= {
                (path.name, site) for site in SITES if site != own and re.search(rf"(?<![\w.-]){re.escape(site)}", text)
            }
    return found


def share_sources(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The surges of one site came from sources that two others had in the same days."""
    changed = warehouse.execute(
        "UPDATE surges.surge_composition SET shared_with = $names, shared_host = 'seller.example', "
        "shared_domain_count = 9, reading = 'shared_source', reasons = '[\"shared_sources\"]' "
        "WHERE site_domain = $site",
        {"names": SHARING, "site": EVERYTHING},
    ).fetchall()
    assert changed[0][0] > 0


@pytest.mark.parametrize("site", SITES)
def test_a_sites_folder_names_no_other_site(report: Path, site: str) -> None:
    folder = report / "sites" / site
    assert (folder / "en/index.html").is_file()
    assert named_in(folder, site) == set()


@pytest.mark.usefixtures("standing")
def test_sites_that_share_sources_are_not_named_to_each_other(
    warehouse: duckdb.DuckDBPyConnection, build: Callable[..., ReportOutcome], tmp_path: Path
) -> None:
    share_sources(warehouse)
    build()
    folder = tmp_path / "sites" / EVERYTHING
    assert "came to other sites that we watch in the same days" in (folder / "en/index.html").read_text("utf-8")
    assert named_in(folder, EVERYTHING) == set()


@pytest.mark.usefixtures("standing")
def test_sites_of_one_owner_are(
    warehouse: duckdb.DuckDBPyConnection, build: Callable[..., ReportOutcome], tmp_path: Path
) -> None:
    share_sources(warehouse)
    warehouse.execute("DELETE FROM ingest.listed_sites")
    for site in (EVERYTHING, LINKS_ONLY):
        insert(warehouse, "ingest.listed_sites", {"site_domain": site, "standing": "listed", "owner_group": "one"})
    build()
    folder = tmp_path / "sites" / EVERYTHING
    assert f"came to {LINKS_ONLY} in the same days" in (folder / "en/index.html").read_text("utf-8")
    assert {site for _, site in named_in(folder, EVERYTHING)} == {LINKS_ONLY}


@pytest.mark.usefixtures("standing")
def test_another_clients_alerts_do_not_count_in_a_sites_hit_rate(
    warehouse: duckdb.DuckDBPyConnection, build: Callable[..., ReportOutcome], tmp_path: Path
) -> None:
    build()
    before = {path: path.read_bytes() for path in (tmp_path / "sites" / EVERYTHING).rglob("*.html")}
    for number in range(40):
        decision = {
            "decision_id": f"{number:016x}", "alert_id": f"{number:016x}", "site_domain": LINKS_ONLY, "kind": "pair",
            "finding_id": f"pair-{number}", "status": "handled", "decided_by": "Anna", "decided_at": GENERATED_AT,
            "told_through": "command",
        }  # fmt: skip
        insert(warehouse, "reports.decisions", decision)
    build()
    assert {path: path.read_bytes() for path in before} == before


def test_what_is_read_holds_no_count_of_other_sites_and_no_domain_between() -> None:
    tracker = {"key": "together.tracker", "args": {"count": 17, "of": 31, "days": 3}}
    counted = [tracker, {"key": "links.before", "args": {}}]
    seen = [
        {"rule": "ring", "seen": f"3 d, {LINKS_ONLY} > other.example"},
        {"rule": "many_customers", "seen": "7 × seller.example"},
        {"rule": "paid_words", "seen": "advertorial"},
    ]
    row = clear_row({"evidence": json.dumps(counted), "drop_id": "d"})
    assert json.loads(row["evidence"]) == [{"key": "together.tracker", "args": {}}, counted[1]]
    assert row["drop_id"] == "d"
    assert [one["seen"] for one in clear_row({"evidence": seen})["evidence"]] == [None, None, "advertorial"]


@pytest.mark.parametrize("rule", sorted(SEEN_AT_OTHERS))
def test_a_rule_that_saw_other_sites_is_a_sentence_without_them(rule: str) -> None:
    for language in LANGUAGES:
        says = next(getattr(one.says, language) for one in bundled_rules().rules if one.name == rule)
        said = fill_seen(says, None)
        assert "{seen}" not in said
        assert said.endswith(".")
        assert not re.search(r"[(:–]", said)


def test_no_page_of_a_site_leads_to_an_internal_one_unless_the_report_is_whole(report: Path) -> None:
    for page in report.glob("sites/*/*/*.html"):
        links = re.findall(r"<a[^>]*internal/[^>]*>", page.read_text("utf-8"))
        assert all("data-internal hidden" in link for link in links), page


def test_a_pack_holds_one_client_and_opens_without_the_rest(report: Path, tmp_path: Path) -> None:
    target = tmp_path / "client.zip"
    assert pack_sites(report, [EVERYTHING], target, language="nl") > 10
    with zipfile.ZipFile(target) as packed:
        names = packed.namelist()
        packed.extractall(tmp_path / "sent")
    assert {name.split("/")[0] for name in names} == {"assets", "index.html", "sites"}
    assert {name.split("/")[1] for name in names if name.startswith("sites/")} == {EVERYTHING}
    assert named_in(tmp_path / "sent", EVERYTHING) == set()
    assert '"internal": false' in (tmp_path / "sent/assets/run.js").read_text("utf-8")
    assert f"url=sites/{EVERYTHING}/nl/index.html" in (tmp_path / "sent/index.html").read_text("utf-8")
    first = target.read_bytes()
    pack_sites(report, [EVERYTHING], target, language="nl")
    assert target.read_bytes() == first


def test_a_site_without_pages_cannot_be_packed(report: Path, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    shutil.copytree(report, folder, ignore=shutil.ignore_patterns(f"{EMPTY}*"))
    with pytest.raises(BadInputError, match=EMPTY):
        pack_sites(folder, [LINKS_ONLY, EMPTY], tmp_path / "client.zip", language="en")
    assert not (tmp_path / "client.zip").exists()
