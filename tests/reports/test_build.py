"""The report as files: complete, small, the same for the same data, and honest about a site that is held back."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from reports import site_folder
from reports.build import FINGERPRINTS, ReportOutcome
from reports.messages import LANGUAGES
from reports.site_pages import SiteMaterial
from tests.reports.invented_rows import (
    AS_OF,
    EMPTY,
    EVERYTHING,
    GENERATED_AT,
    HOSTILE_SITE,
    LINKS_ONLY,
    insert,
    make_risk,
)

Build = Callable[..., ReportOutcome]
MEGABYTE = 1_000_000


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_page_is_there_in_every_language(report: Path) -> None:
    found = set(read_all(report))
    english = {name for name in found if "/en/" in name}
    assert {"internal/en/index.html", "internal/en/quality.html"} <= english
    assert {f"sites/{site}/en/{page}.html" for site in (EVERYTHING, EMPTY) for page in ("index", "data")} <= english
    for language in LANGUAGES:
        assert {name.replace(f"/{language}/", "/en/") for name in found if f"/{language}/" in name} == english
    assert {"index.html", "assets/plotly.min.js", "assets/radar.css", "assets/radar.js", "assets/run.js"} <= set(
        read_all(report)
    )


def test_sizes_stay_within_the_bars(report: Path) -> None:
    script = (report / "assets/plotly.min.js").stat().st_size
    for language in LANGUAGES:
        assert (report / "internal" / language / "index.html").stat().st_size + script <= 6 * MEGABYTE
        assert max(page.stat().st_size for page in report.glob("sites/*/*/*.html")) <= 400_000


def test_first_page_forwards_and_links_to_each_language(report: Path) -> None:
    page = (report / "index.html").read_text(encoding="utf-8")
    assert 'content="0; url=internal/en/index.html"' in page
    assert all(f'href="internal/{language}/index.html"' in page for language in LANGUAGES)


@pytest.mark.usefixtures("standing")
def test_a_feed_that_had_not_come_is_named(build: Build, tmp_path: Path) -> None:
    build(missing_feeds=("rankings",))
    for name in ("index.html", "quality.html"):
        assert "ranking exports of this night had not come in" in (tmp_path / "internal/en" / name).read_text("utf-8")
    build()
    assert "had not come in" not in (tmp_path / "internal/en/index.html").read_text("utf-8")


def test_first_page_forwards_to_the_language_asked_for(build: Build, tmp_path: Path) -> None:
    build(language="nl")
    assert 'content="0; url=internal/nl/index.html"' in (tmp_path / "index.html").read_text("utf-8")


def test_second_run_changes_nothing_but_the_stamp(build: Build, tmp_path: Path) -> None:
    build()
    before = read_all(tmp_path)
    again = build(generated_at=GENERATED_AT + datetime.timedelta(hours=7))
    after = read_all(tmp_path)
    assert again.written == ("assets/run.js",)
    assert {name for name in after if after[name] != before.get(name)} == {"assets/run.js"}
    assert set(after) == set(before)


def test_only_the_site_that_changed_is_rendered_again(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build().skipped == ()
    rendered = []
    real = site_folder.write_folder

    def note(report: Path, material: SiteMaterial, language: str) -> site_folder.FolderOutcome:
        rendered.append(material.site_domain)
        return real(report, material, language)

    monkeypatch.setattr("reports.build.write_folder", note)
    warehouse.execute("UPDATE risk.site_risk SET risk_score = risk_score + 1 WHERE site_domain = ?", [LINKS_ONLY])
    outcome = build()
    assert rendered == [LINKS_ONLY]
    assert f"sites/{LINKS_ONLY}/en/index.html" in outcome.written
    assert len(outcome.skipped) == 4
    (tmp_path / f"sites/{EMPTY}/nl/index.html").unlink()
    build()
    assert rendered == [LINKS_ONLY, EMPTY]


@pytest.mark.usefixtures("standing")
def test_other_processes_write_the_same_bytes(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    before = read_all(tmp_path)
    (tmp_path / FINGERPRINTS).unlink()
    for page in tmp_path.glob("sites/*/en/index.html"):
        page.unlink()
    monkeypatch.setattr("reports.build.LEAST_SITES_OF_A_POOL", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    build()
    assert read_all(tmp_path) == before


@pytest.mark.usefixtures("standing")
def test_an_incident_that_is_no_longer_listed_keeps_its_page_with_a_mark(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    build()
    pages = sorted(tmp_path.glob(f"sites/{EVERYTHING}/en/incident-*.html"))
    assert pages
    warehouse.execute("DELETE FROM drops.ranking_drops WHERE site_domain = ?", [EVERYTHING])
    build()
    assert all("No longer listed since 15 Nov 2026." in page.read_text("utf-8") for page in pages)
    marked = [page.read_bytes() for page in pages]
    build(as_of=AS_OF + datetime.timedelta(days=1))
    assert [page.read_bytes() for page in pages] == marked


@pytest.mark.usefixtures("standing")
def test_row_order_does_not_change_a_page(warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path) -> None:
    build()
    before = read_all(tmp_path)
    for name in ("surges.link_surges", "signals.daily_links", "staging.links", "correlation.drop_causes"):
        warehouse.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {name} ORDER BY random()")
        warehouse.execute(f"DELETE FROM {name}")
        warehouse.execute(f"INSERT INTO {name} SELECT * FROM kept")
        warehouse.execute("DROP TABLE kept")
    assert build().written == ()
    assert read_all(tmp_path) == before


def test_every_sentence_is_in_words(build: Build) -> None:
    assert build().unspoken == ()


def test_evidence_without_a_sentence_is_named_and_reported(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    reasons = [{"key": "risk.from_the_future", "points": 3.0, "args": {"share": 0.2}}]
    insert(warehouse, "risk.site_risk", make_risk("later.example", AS_OF, 3.0, "low", "links", reasons))
    assert build().unspoken == ("risk.from_the_future",)
    assert "risk.from_the_future (share: 0.2)" in (tmp_path / "sites/later.example/en/index.html").read_text("utf-8")


def break_check(warehouse: duckdb.DuckDBPyConnection, night: datetime.date) -> None:
    insert(warehouse, "expectations.outcomes", {
        "as_of": night, "stage": "signals", "table_name": "signals.link_origins", "check_name": "origins_cover_links",
        "site_domain": EVERYTHING, "severity": "minimum", "is_met": False, "observed_value": 7.0, "failing_count": 7,
    })  # fmt: skip


@pytest.mark.usefixtures("standing")
def test_held_back_site_keeps_its_last_good_page_with_a_mark(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    build()
    page = tmp_path / f"sites/{EVERYTHING}/nl/index.html"
    good = page.read_text("utf-8")
    night = AS_OF + datetime.timedelta(days=1)
    break_check(warehouse, night)
    warehouse.execute("UPDATE risk.site_risk SET day = day + INTERVAL 1 DAY WHERE site_domain <> ?", [EVERYTHING])
    outcome = build(as_of=night, held_back=frozenset({EVERYTHING}))
    marked = page.read_text("utf-8")
    assert outcome.held_back == (EVERYTHING,)
    assert "Vastgehouden op 16 nov 2026" in marked
    slot = re.compile(r"<!--stale-->.*?<!--/stale-->", re.DOTALL)
    assert slot.sub("", marked, count=1) == slot.sub("", good, count=1)
    index = (tmp_path / "internal/en/index.html").read_text("utf-8")
    assert "Held back by a check; figures of 15 Nov 2026" in index
    assert re.search(r'data-label="Risk">72<', index)

    assert build(as_of=night, held_back=frozenset({EVERYTHING})).written == ()
    build()
    assert page.read_text("utf-8") == good


def test_a_night_that_was_itself_broken_is_not_the_last_good_one(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    break_check(warehouse, AS_OF)
    break_check(warehouse, AS_OF + datetime.timedelta(days=1))
    build(as_of=AS_OF + datetime.timedelta(days=1), held_back=frozenset({EVERYTHING}))
    assert "figures of 14 Nov 2026" in (tmp_path / "internal/en/index.html").read_text("utf-8")


def test_held_back_site_without_a_good_night_says_so(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    break_check(warehouse, AS_OF)
    build(held_back=frozenset({EVERYTHING}))
    page = (tmp_path / f"sites/{EVERYTHING}/en/index.html").read_text("utf-8")
    assert "There is no earlier good night to show" in page
    assert "data-figure" not in page


def test_a_site_that_was_never_good_has_no_good_night_on_the_next_run_either(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    break_check(warehouse, AS_OF)
    build(held_back=frozenset({EVERYTHING}))
    before = read_all(tmp_path)
    assert build(held_back=frozenset({EVERYTHING})).written == ()
    assert read_all(tmp_path) == before


@pytest.mark.parametrize("torn", ["", "<p>half a page", "<!--stale--><!--/stale--><!--stale--><!--/stale-->"])
def test_a_torn_page_is_not_taken_for_the_last_good_one(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path, torn: str
) -> None:
    break_check(warehouse, AS_OF)
    page = tmp_path / f"sites/{EVERYTHING}/en/index.html"
    page.parent.mkdir(parents=True)
    page.write_text(torn, encoding="utf-8")
    build(held_back=frozenset({EVERYTHING}))
    assert "There is no earlier good night to show" in page.read_text("utf-8")


def forget(warehouse: duckdb.DuckDBPyConnection, site: str) -> None:
    for name in ("ingest.export_files", "risk.site_risk"):
        warehouse.execute(f"DELETE FROM {name} WHERE site_domain = ?", [site])


@pytest.mark.usefixtures("standing")
def test_a_site_that_left_keeps_its_page_with_a_mark_of_the_first_day_without_it(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    assert build().departed == ()
    pages = [tmp_path / f"sites/{HOSTILE_SITE}/{language}/index.html" for language in LANGUAGES]
    good = [page.read_text("utf-8") for page in pages]
    forget(warehouse, HOSTILE_SITE)
    assert build().departed == (HOSTILE_SITE,)
    marked = [page.read_text("utf-8") for page in pages]
    assert "No longer in the portfolio since 15 Nov 2026." in marked[0]
    assert "Sinds 15 nov 2026 niet meer in het portfolio." in marked[1]
    slot = re.compile(r"<!--stale-->.*?<!--/stale-->", re.DOTALL)
    assert [slot.sub("", page) for page in marked] == [slot.sub("", page) for page in good]

    later = build(as_of=AS_OF + datetime.timedelta(days=3))
    assert later.departed == (HOSTILE_SITE,)
    assert [page.read_text("utf-8") for page in pages] == marked


@pytest.mark.usefixtures("standing")
def test_a_site_that_the_list_no_longer_has_is_marked_and_named_nowhere_else(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    build()
    assert EVERYTHING in (tmp_path / "internal/en/index.html").read_text("utf-8")
    warehouse.execute("UPDATE ingest.listed_sites SET standing = 'unlisted' WHERE site_domain = ?", [EVERYTHING])
    assert build().departed == (EVERYTHING,)
    assert "No longer in the portfolio" in (tmp_path / f"sites/{EVERYTHING}/en/index.html").read_text("utf-8")
    assert EVERYTHING not in (tmp_path / "internal/en/index.html").read_text("utf-8")


@pytest.mark.usefixtures("standing")
def test_a_site_that_comes_back_loses_the_mark(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    build()
    before = read_all(tmp_path)
    warehouse.execute("CREATE TEMP TABLE kept AS SELECT * FROM ingest.export_files")
    warehouse.execute("CREATE TEMP TABLE scores AS SELECT * FROM risk.site_risk")
    forget(warehouse, HOSTILE_SITE)
    build()
    warehouse.execute("DELETE FROM ingest.export_files; INSERT INTO ingest.export_files SELECT * FROM kept")
    warehouse.execute("DELETE FROM risk.site_risk; INSERT INTO risk.site_risk SELECT * FROM scores")
    assert build().departed == ()
    assert read_all(tmp_path) == before


@pytest.mark.usefixtures("standing")
def test_the_report_of_a_past_day_does_not_say_that_later_sites_left(build: Build, tmp_path: Path) -> None:
    build()
    page = tmp_path / f"sites/{HOSTILE_SITE}/en/index.html"
    assert build(as_of=AS_OF - datetime.timedelta(days=40)).departed == ()
    assert "No longer in the portfolio" not in page.read_text("utf-8")


@pytest.mark.usefixtures("standing")
def test_nothing_half_written_is_left_behind(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    before = read_all(tmp_path)

    def fail(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        build(generated_at=GENERATED_AT + datetime.timedelta(hours=1))
    assert read_all(tmp_path) == before


def test_an_empty_warehouse_makes_a_report_that_says_why(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    tables = warehouse.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
    for (name,) in tables:
        warehouse.execute(f"DELETE FROM {name}")
    build()
    index = (tmp_path / "internal/en/index.html").read_text("utf-8")
    assert "no export that names a site was read" in index
    assert "nothing is said about risk" in index


def test_a_site_name_cannot_leave_the_folder(
    warehouse: duckdb.DuckDBPyConnection, build: Build, tmp_path: Path
) -> None:
    insert(warehouse, "risk.site_risk", make_risk("../../evil.example", AS_OF, None, "not_assessed", "none", []))
    outcome = build()
    assert [name for name in outcome.written if "evil" in name and ".." in name] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".fingerprints.json", "assets", "index.html", "internal", "sites",
    ]  # fmt: skip
    assert any("evil-example" in name for name in outcome.written)


def test_hostile_site_is_a_site_like_any_other(report: Path) -> None:
    assert (report / f"sites/{HOSTILE_SITE}/en/index.html").is_file()
