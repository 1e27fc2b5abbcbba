"""``penalty-radar disavow``: refused, shown, written, and never half."""

from __future__ import annotations

import datetime
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from penalty_radar import disavow_command
from penalty_radar.disavow_command import run_disavow
from reports.disavow_file import parse_disavow
from reports.messages import LANGUAGES, say
from tests.reports.invented_rows import (
    AS_OF,
    EMPTY,
    EVERYTHING,
    HOSTILE,
    HOSTILE_SITE,
    day,
    insert,
    make_evidence,
    make_link,
    make_risk,
    make_rules,
)
from transforms.errors import BadInputError, GateBrokenError, UsageError, WarehouseError
from transforms.schemas import table
from transforms.settings import Settings, load_settings

Tell = Callable[..., str]


TABLES = (
    "signals.link_origins", "signals.link_evidence", "signals.origin_rules", "signals.told_links",
    "signals.placements_standing", "signals.domain_origins", "staging.links", "staging.search_events",
    "staging.disavow_entries", "staging.labels", "ingest.allowed_domains", "risk.site_risk",
)  # fmt: skip
"""What the command reads; the invented warehouse of the pages has more than it needs and takes longer."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published warehouse of three sites; in one a manual action about links stands, one has no links."""
    made = tmp_path_factory.mktemp("published")
    pairs = [make_link(EVERYTHING, number, "bought") for number in range(8)]
    pairs.append(make_link(HOSTILE_SITE, 1, "bought", source_url="https://partner-01.example/x", anchor_text=HOSTILE))
    with duckdb.connect(str(made / "w.published.duckdb")) as connection:
        for schema in sorted({name.partition(".")[0] for name in TABLES}):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name in TABLES:
            connection.execute(table(name).create_statement())
        insert(connection, "staging.links", *(link for link, _ in pairs))
        insert(connection, "signals.link_origins", *(origins for _, origins in pairs))
        insert(connection, "signals.link_evidence", *make_evidence(*(origins for _, origins in pairs)))
        insert(connection, "signals.origin_rules", *make_rules())
        insert(connection, "risk.site_risk", *(
            make_risk(site, AS_OF, 40.0, "raised", "links", []) for site in (EVERYTHING, HOSTILE_SITE, EMPTY)
        ))  # fmt: skip
        insert(connection, "staging.search_events", {
            "event_id": "action", "kind": "manual_action", "name": "Unnatural links to your site",
            "site_domain": HOSTILE_SITE, "starts_on": day("2026-11-02"), "source": "Search Console",
        })  # fmt: skip
    return made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is printed."""
    text = io.StringIO()
    monkeypatch.setattr(disavow_command, "Console", lambda **_: Console(file=text, width=400, highlight=False))
    return text


def settings_of(folder: Path, language: str = "en") -> Settings:
    return load_settings(
        {"PENALTY_RADAR_WAREHOUSE": str(folder / "w.duckdb"), "PENALTY_RADAR_LANGUAGE": language}, folder
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_action_and_reviewer_only_the_answer_is_given(
    folder: Path, told: io.StringIO, tmp_path: Path, language: str
) -> None:
    out = tmp_path / "new.txt"
    with pytest.raises(GateBrokenError, match="no manual action about links") as refused:
        run_disavow(settings_of(folder, language), EVERYTHING, out=out)
    assert refused.value.exit_code == 1
    assert say("disavow.answer.nothing_now", language) in told.getvalue()
    assert say("disavow.why.no_action", language) in told.getvalue()
    assert "domain:" not in told.getvalue()
    assert not out.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reviewed_proposal_is_shown_beside_the_present_file_and_written_whole(
    folder: Path, told: io.StringIO, tmp_path: Path, language: str
) -> None:
    present, out = tmp_path / "present.txt", tmp_path / "new.txt"
    present.write_text("# asked in May\ndomain:partner-00.example\n", encoding="utf-8")
    for _ in range(2):  # the same again gives the same
        run_disavow(settings_of(folder, language), EVERYTHING, present=present, reviewed_by="Anna\nx", out=out)
    text = out.read_text(encoding="utf-8")
    written = parse_disavow(text.encode(), "new.txt")
    assert written.faults == ()
    assert text.startswith("# asked in May\ndomain:partner-00.example\n")
    assert [line.entry for line in written.entries][:3] == [
        "partner-00.example", "partner-01.example", "partner-02.example",
    ]  # fmt: skip
    assert say("disavow.file.reviewed_by", language, who="Anna x") in text
    shown = told.getvalue()
    assert "+ domain:partner-01.example" in shown
    assert say("disavow.covered_by", language, number=2, line="domain:partner-00.example") in shown
    assert say("disavow.never_uploaded", language) in shown
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["new.txt", "present.txt"]


def test_a_manual_action_opens_the_proposal_and_hostile_text_stays_text(
    folder: Path, told: io.StringIO, tmp_path: Path
) -> None:
    out = tmp_path / "new.txt"
    run_disavow(settings_of(folder), f" {HOSTILE_SITE.upper()} ", out=out)
    text = out.read_text(encoding="utf-8")
    assert parse_disavow(text.encode(), "new.txt").faults == ()
    assert "Unnatural links to your site" in text
    for shown in (text, told.getvalue()):
        assert not {"\x1b", "\u202e", "\u2066"} & set(shown)


def test_a_present_file_with_faults_is_told_and_nothing_written(
    folder: Path, told: io.StringIO, tmp_path: Path
) -> None:
    present, out = tmp_path / "present.txt", tmp_path / "new.txt"
    present.write_bytes(b"domain: spaced.example\n# caf\xe9\ndomain:192.0.2.0/24\n")
    with pytest.raises(BadInputError, match="3 faults, the first in line 1") as refused:
        run_disavow(settings_of(folder), EVERYTHING, present=present, reviewed_by="Anna", out=out)
    assert refused.value.exit_code == 3
    assert all(f"line {number}" in told.getvalue() for number in (1, 2, 3))
    assert not out.exists()


def test_nothing_to_add_is_an_answer_and_no_file(folder: Path, told: io.StringIO, tmp_path: Path) -> None:
    run_disavow(settings_of(folder), EMPTY, reviewed_by="Anna", out=tmp_path / "new.txt")
    assert say("disavow.answer.nothing", "en") in told.getvalue()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("site", "options", "says"),
    [
        ("unknown.example", {"reviewed_by": "Anna"}, "one of empty.example"),
        ("no site", {"reviewed_by": "Anna"}, "a domain such as"),
        (EVERYTHING, {"reviewed_by": " \n"}, "the name of who reads"),
        (EVERYTHING, {"reviewed_by": "Anna", "out": Path("new.csv")}, "ends in .txt"),
        (EVERYTHING, {"reviewed_by": "Anna", "out": Path("there/is/none.txt")}, "no folder"),
        (EVERYTHING, {"reviewed_by": "Anna", "present": Path("none.txt")}, "No such file"),
        (EVERYTHING, {"present": Path("a.txt"), "out": Path("./a.txt")}, "another file than --present"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_done(
    folder: Path, told: io.StringIO, site: str, options: dict[str, object], says: str
) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        run_disavow(settings_of(folder), site, **options)  # type: ignore[arg-type]
    assert refused.value.exit_code == 2
    assert told.getvalue() == ""


def test_the_day_of_the_answer_is_that_of_the_assessment(folder: Path, told: io.StringIO) -> None:
    run_disavow(settings_of(folder), EVERYTHING, reviewed_by="Anna")
    day_told = say("disavow.title", "en", site=EVERYTHING, day=datetime.date(2026, 11, 15))
    assert told.getvalue().startswith(day_told)


def test_a_snapshot_of_another_version_is_said_to_be_one(folder: Path, told: io.StringIO, tmp_path: Path) -> None:
    shutil.copyfile(folder / "w.published.duckdb", tmp_path / "w.published.duckdb")
    with duckdb.connect(str(tmp_path / "w.published.duckdb")) as connection:
        connection.execute("ALTER TABLE staging.disavow_entries DROP COLUMN row_number")
    with pytest.raises(WarehouseError, match="one that this version published"):
        run_disavow(settings_of(tmp_path), EVERYTHING, reviewed_by="Anna")
