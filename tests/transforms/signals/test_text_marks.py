"""signals.text_marks: texts are read once, and anew when they, the words of their site or the rules change."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.transforms.signals.sign_rules import SAYS
from tests.transforms.text_tables import observe_rows
from transforms import pipeline
from transforms.signals.rule_set import Rule, RuleSet, bundled_rules
from transforms.warehouse import open_writer

AS_OF = datetime.date(2026, 6, 30)
KAAS, FIETS = "kaas.example", "fiets.example"
STALE = 1 << 61
"""Written into the bits of what stands already: a run that leaves it there has not read the text again."""


@pytest.fixture
def known(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A real warehouse after a night: two links of one site, one of another."""
    with open_writer(tmp_path / "warehouse.duckdb") as connection:
        see_links(connection, "f1", KAAS, {1: "Advertorial: brie", 2: "Een stuk"})
        see_links(connection, "f2", FIETS, {3: "Advertorial: zadel"})
        run(connection)
        connection.execute("UPDATE signals.text_marks SET text_bits = text_bits + ?", [STALE])
        yield connection


def see_links(connection: duckdb.DuckDBPyConnection, file_id: str, site: str, titles: dict[int, str]) -> None:
    """An export of a site: links by number, with the titles of their pages."""
    day = AS_OF - datetime.timedelta(days=20 - len(file_id))
    observe_rows(
        connection,
        [
            {
                "link_id": number, "file_id": file_id, "site_domain": site, "provider": "p", "observed_on": day,
                "source_domain": f"bron{number}.example", "source_url": f"https://bron{number}.example/",
                "target_url": f"https://{site}/pagina-{number}", "source_title": title, "merged_count": 0,
            }
            for number, title in titles.items()
        ],
    )  # fmt: skip


def run(connection: duckdb.DuckDBPyConnection, *, rules: RuleSet | None = None, sites: list[str] | None = None) -> None:
    for stage in ("staging", "signals"):
        pipeline.run_stage(connection, stage, as_of=AS_OF, rules=rules, sites=sites)


def read_again(connection: duckdb.DuckDBPyConnection) -> dict[int, bool]:
    """By link, whether the text it has now has been read since the fixture; each link once."""
    rows = connection.execute(
        "SELECT link_number, text_bits < ? FROM signals.text_marks JOIN staging.links USING (link_number, text_hash) "
        "ORDER BY 1",
        [STALE],
    ).fetchall()
    assert len(rows) == len(dict(rows))
    return dict(rows)


def origins(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    return dict(connection.execute("SELECT link_number, origin FROM signals.link_origins").fetchall())


def other_rules() -> RuleSet:
    """One rule more than the bundled ones, and another first rule, so that every bit has moved."""
    first = Rule(
        name="brie", origin="spam", weight=3, question=SAYS, says=SAYS, source="a test", within="title",
        words={"nl": ("brie",)},
    )  # fmt: skip
    return RuleSet((first, *bundled_rules().rules))


def test_a_second_night_reads_nothing(known: duckdb.DuckDBPyConnection) -> None:
    run(known)
    assert read_again(known) == {1: False, 2: False, 3: False}


def test_new_links_are_read_and_nothing_else(known: duckdb.DuckDBPyConnection) -> None:
    see_links(known, "f33", KAAS, {4: "Gastblog over brie"})
    run(known)
    assert read_again(known) == {1: False, 2: False, 3: False, 4: True}
    assert origins(known)[4] == "guest_post"


def test_a_changed_text_is_read_anew(known: duckdb.DuckDBPyConnection) -> None:
    see_links(known, "f33", KAAS, {2: "Gastblog over brie"})
    run(known)
    assert read_again(known) == {1: False, 2: True, 3: False}
    assert origins(known)[2] == "guest_post"


def test_new_rules_read_everything_and_the_old_answers_go(known: duckdb.DuckDBPyConnection) -> None:
    run(known, rules=other_rules())
    assert read_again(known) == {1: True, 2: True, 3: True}
    sets = {"signals.text_marks", "signals.link_marks", "signals.origin_rules", "signals.evidence_combinations"}
    for name in sets:
        found = known.execute(f"SELECT DISTINCT rule_set FROM {name}").fetchall()
        assert set(found) >= {(other_rules().version,)}, name
    assert known.execute("SELECT DISTINCT rule_set FROM signals.text_marks").fetchall() == [(other_rules().version,)]
    run(known, rules=other_rules())
    assert known.execute("SELECT DISTINCT rule_set FROM signals.origin_rules").fetchall() == [(other_rules().version,)]


def test_a_new_word_of_a_site_reads_that_site_anew(known: duckdb.DuckDBPyConnection) -> None:
    known.execute(
        "INSERT INTO ingest.listed_sites (site_domain, standing, brand_words) VALUES (?, 'listed', 'Zuivelmeester')",
        [KAAS],
    )
    run(known)
    assert read_again(known) == {1: True, 2: True, 3: False}


def test_a_run_of_one_site_leaves_others_on_their_rules_and_explains_them(known: duckdb.DuckDBPyConnection) -> None:
    known.execute("UPDATE signals.text_marks SET text_bits = text_bits - ?", [STALE])
    run(known)
    before = known.execute(
        "SELECT * EXCLUDE (evidence) FROM signals.link_origins WHERE site_domain = ? ORDER BY link_number", [FIETS]
    ).fetchall()
    run(known, rules=other_rules(), sites=[KAAS])
    after = known.execute(
        "SELECT * EXCLUDE (evidence) FROM signals.link_origins WHERE site_domain = ? ORDER BY link_number", [FIETS]
    ).fetchall()
    assert after == before
    standing = known.execute(
        "SELECT site_domain, rule_set FROM signals.text_marks GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    assert standing == [(FIETS, bundled_rules().version), (KAAS, other_rules().version)]
    found = known.execute(
        "SELECT site_domain, rule FROM signals.link_evidence WHERE rule IN ('brie', 'paid_words') ORDER BY 1, 2"
    ).fetchall()
    assert found == [(FIETS, "paid_words"), (KAAS, "brie"), (KAAS, "paid_words")]
    explained = known.execute(
        "SELECT count(*) FROM signals.link_evidence AS e JOIN signals.link_marks AS m USING (link_number) "
        "JOIN signals.origin_rules AS r ON r.rule = e.rule AND r.rule_set = m.rule_set"
    ).fetchall()
    assert explained == known.execute("SELECT count(*) FROM signals.link_evidence").fetchall()


def test_a_site_held_back_keeps_its_answers(known: duckdb.DuckDBPyConnection) -> None:
    pipeline.run_stage(known, "signals", as_of=AS_OF, rules=other_rules(), held_back={FIETS})
    assert read_again(known) == {1: True, 2: True, 3: False}
