"""``ingest --explain`` and ``mapping``: what is said of a file, and that nothing is written."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from penalty_radar import cli
from penalty_radar.explaining_files import explain_files
from tests.transforms.ingest.made_exports import ORGANIC, SE_RANKING, SITE, search_console_zip, semrush, semrush_row
from transforms.ingest.formats.mapping import read_mapping


def explained(path: Path, language: str = "en") -> str:
    """What is said of the file, as one text with single spaces."""
    console = Console(file=io.StringIO(), width=200, highlight=False, markup=False)
    explain_files(str(path), language, console=console)
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_known_file_is_explained_from_format_to_rejected_rows(tmp_path: Path) -> None:
    content = semrush(semrush_row(), semrush_row("https://b.example/", nofollow="perhaps"))
    text = explained(put(tmp_path, f"{SITE}/links.csv", content))
    assert "format semrush_backlinks (Semrush Backlinks): it knows 19 of the 19 columns" in text
    assert "UTF-8, columns parted by commas" in text
    assert f"{SITE}: the folder is named so" in text
    assert "1 Feb 2026: the newest day in the beginning of the file" in text
    assert "Source url source_url a web address with a host https://www.kaasblog.nl/stukje; https://b.example/" in text
    assert "Of the 2 rows at the beginning, 1 would be rejected." in text
    assert "row 2, Nofollow: found 'perhaps', expected one of true, false" in text
    assert text.endswith("Nothing has been written.")


def test_other_formats_are_named_with_what_the_file_lacks(tmp_path: Path) -> None:
    text = explained(put(tmp_path, f"{SITE}/links.csv", "Domain ascore;Domain;Visits\n1;a.example;2\n"))
    assert "format none" in text
    assert "set aside no format known for the header" in text
    assert "semrush_referring_domains: knows 2 columns; the file lacks Backlinks" in text


def test_preamble_country_and_a_column_per_day(tmp_path: Path) -> None:
    text = explained(put(tmp_path, "voorbeeldwinkel_nl__positions_detailed_2026-02-04.csv", SE_RANKING))
    assert "record 2; before it: Google Netherlands, interface language: Dutch" in text
    assert "country nl: told by the lines before the header or the name" in text
    assert "2026-02-01 position" in text
    assert "… and 2 more columns of the same kinds" in text
    assert f"{SITE}: most rows of the beginning are about it" in text


def test_columns_that_tell_what_is_passed_over(tmp_path: Path) -> None:
    text = explained(put(tmp_path, f"{SITE}/organic.csv", ORGANIC))
    assert "Position Type (tells which rows" in text


def test_every_table_of_a_zip_is_explained_in_dutch(tmp_path: Path) -> None:
    text = explained(put(tmp_path, f"{SITE}/export.zip", search_console_zip("nl")), "nl")
    assert text.count("indeling search_console_") == 7
    assert "gescheiden door komma's" in text
    assert text.endswith("Er is niets weggeschreven.")


def test_the_command_writes_nothing_and_tells_by_its_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good, bad = put(tmp_path, f"{SITE}/a.csv", semrush()), put(tmp_path, "b.csv", "x,y\n1,2\n")
    warehouse = tmp_path / "w.duckdb"
    for path, code in ((good, 0), (bad, 3)):
        with pytest.raises(SystemExit) as ended:
            cli.main(["ingest", "--explain", str(path), "--warehouse", str(warehouse)])
        assert (ended.value.code or 0) == code
    assert "semrush_backlinks" in capsys.readouterr().out
    assert not warehouse.exists()


def test_a_proposal_works_as_it_stands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = put(
        tmp_path,
        f"exports/{SITE}/lijst.csv",
        f"Volgnr;Bron;Naar;Gevonden;Nofollow\n1;https://a.example/x;https://{SITE}/;31/01/2026;Ja\n"
        f"2;https://b.example/x;https://{SITE}/;02/02/2026;Nee\n",
    )
    with pytest.raises(SystemExit):
        cli.main(["mapping", str(path)])
    proposed = capsys.readouterr().out
    assert read_mapping(proposed, "proposed").thing == "links"
    put(tmp_path, "exports/lijst.mapping.toml", proposed)
    with pytest.raises(SystemExit) as ended:
        cli.main(["ingest", str(tmp_path / "exports"), "--warehouse", str(tmp_path / "w.duckdb")])
    assert (ended.value.code or 0) == 0
    assert "2 new rows: 2 kept, 0 merged, 0 rejected" in capsys.readouterr().out


def test_check_says_what_each_column_becomes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = put(tmp_path, f"{SITE}/p.csv", "Zoekwoord;Plaats;Dag\nkaas;3;05-02-2026\nboter;-;06-02-2026\n")
    with pytest.raises(SystemExit):
        cli.main(["mapping", str(path), "--check"])
    text = " ".join(capsys.readouterr().out.split())
    assert "Zoekwoord keyword" in text
    assert "05-02-2026 → 2026-02-05" in text
    assert "Of the 2 rows at the beginning, 0 would be rejected." in text


def test_a_file_that_says_nothing_gets_no_proposal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["mapping", str(put(tmp_path, "x.csv", "aap,noot\n1,2\n"))])
    assert ended.value.code == 3
    assert "--thing" in capsys.readouterr().err
