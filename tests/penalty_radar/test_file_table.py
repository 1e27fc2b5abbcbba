"""The table of files: one line each, reasons below, totals, and nothing broken at a hundred columns."""

from __future__ import annotations

import datetime
import io

import pytest
from rich.console import Console

from penalty_radar.file_table import print_files, watch_files
from transforms.ingest.arrived_file import FileOutcome

DAY = datetime.date(2026, 1, 5)
LONG = "voorbeeldwinkel.nl/2026/exports van de linkindex/www.voorbeeldwinkel.nl-backlinks-subdomains_2026-02-06.csv"


def outcome(path: str, **changes: object) -> FileOutcome:
    """A loaded file, but for ``changes``."""
    values: dict[str, object] = {
        "file_id": path,
        "path": path,
        "format": "ahrefs_backlinks",
        "provider": "ahrefs_backlinks",
        "site_domain": "voorbeeldwinkel.nl",
        "status": "loaded",
        "reason": None,
        "row_count": 12_345,
        "loaded_count": 12_000,
        "merged_count": 300,
        "rejected_count": 45,
        "first_day_on": DAY,
        "last_day_on": datetime.date(2026, 2, 1),
        "seconds": 1.25,
    }
    return FileOutcome(**{**values, **changes})  # type: ignore[arg-type]


OUTCOMES = [
    outcome(LONG, is_truncated=True, truncated_by="row cap of 10,000"),
    outcome("voorbeeldwinkel.nl/oud.csv", is_already_known=True),
    outcome(
        "kapot.csv",
        status="set_aside",
        site_domain=None,
        format=None,
        reason="no format known [/odd]",
        row_count=0,
        rejected_count=0,
        first_day_on=None,
        last_day_on=None,
    ),
    outcome("andere.nl/a.csv", site_domain="andere.nl", format="search_console_target_pages_external"),
]


def printed(language: str = "en", width: int | None = None) -> list[str]:
    """Lines of the table, on a terminal of that width or in a file."""
    text = io.StringIO()
    console = Console(
        file=text, force_terminal=width is not None, width=width, no_color=True, highlight=False, markup=False,
        soft_wrap=True, legacy_windows=False, color_system=None,
    )  # fmt: skip
    print_files(OUTCOMES, language, console=console)
    return [line.rstrip() for line in text.getvalue().splitlines()]


def test_one_line_per_file_by_site_with_counts_days_and_time() -> None:
    lines = printed()
    assert [line.split()[0] for line in lines[:8]] == [
        "file",
        "all",
        "kapot.csv",
        "andere.nl",
        "a.csv",
        "voorbeeldwinkel.nl",
        "2026/exports",
        "oud.csv",
    ]
    assert lines[6].split()[-8:] == ["ahrefs_backlinks", "12,345", "45", "yes", "2026-01-05", "2026-02-01", "1.2", "s"]
    assert lines[7].endswith("known")
    assert lines[2].endswith("set aside")


def test_reasons_and_totals_stand_below() -> None:
    text = "\n".join(printed())
    assert "Set aside, and why:\n  kapot.csv\n    no format known [/odd]" in text
    assert "row cap of 10,000" in text
    assert (
        "4 files: 2 loaded, 1 read before, 1 set aside. 24,690 new rows: 24,000 kept, 600 merged, 90 rejected" in text
    )


def test_a_hundred_columns_are_enough() -> None:
    lines = printed(width=100)
    table = lines[: lines.index("")]
    assert max(len(line) for line in table) <= 100
    assert len(table) == 8, "one line per file, one per site and the header"
    assert any("subdomains_2026-02-06.csv" in line and "2026-01-05 2026-02-01" in line for line in table)


def test_in_a_file_no_path_is_shortened_and_in_dutch_words_are_dutch() -> None:
    text = "\n".join(printed("nl"))
    assert LONG.removeprefix("voorbeeldwinkel.nl/") in text
    assert "Terzijde gelegd, en waarom:" in text
    assert "12.345" in text


@pytest.mark.parametrize("is_terminal", [False, True])
def test_watching_gives_every_file(is_terminal: bool) -> None:
    console = Console(file=io.StringIO(), force_terminal=is_terminal)
    assert list(watch_files(OUTCOMES, "en", console=console)) == OUTCOMES
