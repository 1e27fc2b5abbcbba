"""The command line: what people type, what they read, and the exit code."""

import datetime
import subprocess
import sys

import pytest

from penalty_radar import cli
from tests.transforms.ingest.made_exports import SITE, semrush, semrush_row
from transforms import pipeline
from transforms.warehouse import open_writer


def command(capsys, *arguments):
    """Exit code, standard output and standard error of one call in this process."""
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    captured = capsys.readouterr()
    return ended.value.code or 0, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "--exports", "no/such/folder"], 2, "no such folder or file"),
        (["run", "--exports", ".", "--language", "de"], 2, "expected en or nl"),
        (["check", "nonsense"], 2, "one of ingest, staging"),
        (["frobnicate"], 2, "No such command"),
        (["run", "--no-such-option"], 2, "No such option"),
    ],
)
def test_wrong_usage_ends_with_two_and_says_what_to_do(capsys, arguments, code, words):
    ended, _, errors = command(capsys, *arguments)
    assert ended == code
    assert words in " ".join(errors.split())
    assert "Traceback" not in errors


def test_a_folder_without_exports_ends_with_three(capsys, tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "notes.txt").write_text("nothing of use\n", encoding="utf-8")
    ended, _, errors = command(
        capsys,
        "run",
        *("--exports", str(tmp_path / "exports")),
        *("--warehouse", str(tmp_path / "w.duckdb")),
        *("--report", str(tmp_path / "report")),
    )
    assert ended == 3
    assert "no export that could be read" in errors


def test_a_broken_warehouse_ends_with_four(capsys, tmp_path):
    path = tmp_path / "w.duckdb"
    path.write_text("no database " * 2000, encoding="utf-8")
    ended, _, errors = command(capsys, "check", "--warehouse", str(path))
    assert ended == 4
    assert "a DuckDB 2 database file" in errors


def test_a_day_that_is_no_day_ends_with_two(capsys, tmp_path):
    ended, _, errors = command(capsys, "check", "--warehouse", str(tmp_path / "w.duckdb"), "--as-of", "yesterday")
    assert ended == 2
    assert "a date such as 2026-11-15" in errors


def test_brackets_in_a_file_are_shown_as_they_stand(capsys, tmp_path):
    (tmp_path / "odd.csv").write_text("hello [/INST],[bold]world\n1,2\n", encoding="utf-8")
    ended, output, _ = command(capsys, "ingest", str(tmp_path), "--warehouse", str(tmp_path / "w.duckdb"))
    assert ended == 3
    assert "[/INST]" in "".join(output.split())


def test_what_a_file_declared_complete_lacks_is_lost(capsys, tmp_path):
    for name, rows in (("links", [semrush_row(), semrush_row("https://weg.example/")]), ("later", [semrush_row()])):
        last = "2026-03-01" if name == "later" else "2026-02-01"
        content = semrush(*rows).replace(b"2026-02-01", last.encode())
        path = tmp_path / SITE / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        options = ["--complete"] if name == "later" else []
        ended, *_ = command(capsys, "ingest", str(path), "--warehouse", str(tmp_path / "w.duckdb"), *options)
        assert ended == 0
    with open_writer(tmp_path / "w.duckdb") as connection:
        pipeline.run_stage(connection, "staging", as_of=datetime.date(2026, 3, 1))
        lost = connection.execute("SELECT source_url, CAST(lost_on AS VARCHAR) FROM staging.links WHERE is_lost")
        assert lost.fetchall() == [("https://weg.example/", "2026-03-01")]


def test_help_starts_quickly_enough_to_be_light():
    """The command must not import pandas, Airflow or Great Expectations to print its help."""
    script = (
        "import sys; from penalty_radar import cli\n"
        "heavy = {'pandas', 'airflow', 'great_expectations', 'plotly'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
