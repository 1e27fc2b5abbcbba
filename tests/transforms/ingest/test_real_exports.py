"""Strangers' exports, where they are at hand: every file is accounted for.

``python -m tests.transforms.ingest.test_real_exports`` prints the account of every file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.independent_count import count_records
from tests.transforms.text_tables import open_memory
from transforms.ingest.arrived_file import FileOutcome

EXPORTS = Path(__file__).parents[4] / "shared" / "exports"

pytestmark = pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/exports is not here: real export files")

Read = tuple[Inbox, dict[str, FileOutcome]]


@pytest.fixture(scope="module")
def real() -> Iterator[Read]:
    inbox = Inbox(EXPORTS, open_memory())
    yield inbox, inbox.read()
    inbox.connection.close()


def test_every_file_is_loaded_or_set_aside_with_a_reason(real: Read) -> None:
    inbox, outcomes = real
    paths = {str(path.relative_to(EXPORTS)) for path in EXPORTS.rglob("*") if path.is_file()}
    listed = {path if path in paths else path.rsplit("/", 1)[0] for path in outcomes}
    assert paths == listed
    assert all(outcome.reason for outcome in outcomes.values() if outcome.status == "set_aside")
    ids = {outcome.file_id for outcome in outcomes.values()}
    assert inbox.rows("SELECT count(*) FROM ingest.export_files") == [(len(ids),)]


def test_sums_hold_and_staging_has_what_the_ledger_says(real: Read) -> None:
    inbox, outcomes = real
    loaded = [outcome for outcome in outcomes.values() if outcome.status == "loaded"]
    assert all(o.row_count == o.loaded_count + o.merged_count + o.rejected_count + o.passed_over_count for o in loaded)
    assert len(loaded) > 100
    unequal = inbox.rows(
        "SELECT path FROM ingest.export_files AS file "
        "JOIN (SELECT file_id, count(*) AS kept, sum(merged_count) AS merged "
        "FROM staging.link_observations GROUP BY 1) AS staged USING (file_id) "
        "WHERE kept <> loaded_count OR merged <> merged_count"
    )
    assert unequal == []


def counted() -> dict[str, int]:
    """Records of every file, member and sheet, counted without the project's readers."""
    files = sorted(path for path in EXPORTS.rglob("*") if path.is_file())
    return {shown: count for path in files for shown, count in count_records(path, EXPORTS).items()}


def test_every_record_that_an_independent_reader_counts_is_accounted_for(real: Read) -> None:
    _, outcomes = real
    records = counted()
    assert records.keys() == outcomes.keys()
    loaded = {path: outcome for path, outcome in outcomes.items() if outcome.status == "loaded"}
    assert {path: records[path] for path in loaded} == {path: outcome.row_count for path, outcome in loaded.items()}
    became = {
        path: outcome.loaded_count + outcome.merged_count + outcome.rejected_count + outcome.passed_over_count
        for path, outcome in loaded.items()
    }
    assert became == {path: records[path] for path in loaded}
    assert sum(became.values()) > 80_000


def test_unreadable_files_are_few_and_named(real: Read) -> None:
    _, outcomes = real
    unknown = {path for path, outcome in outcomes.items() if "no format known" in (outcome.reason or "")}
    assert unknown == {"SOURCES.md"}
    without_site = {path for path, outcome in outcomes.items() if (outcome.reason or "").startswith("no site")}
    assert without_site == {
        "dutch-search-console/Zoekopdrachten.csv",
        "disavow/disavow.txt",
        "disavow/samplewebsite_org_disavowFinal_2013-08-09.txt",
    }


def test_audited_site_is_read_whole(real: Read) -> None:
    _, outcomes = real
    audited = {outcome.site_domain for outcome in outcomes.values() if outcome.provider == "semrush_audit"}
    counts = {
        outcome.provider: (outcome.row_count, outcome.loaded_count + outcome.merged_count + outcome.rejected_count)
        for outcome in outcomes.values()
        if outcome.site_domain in audited and outcome.provider in ("ahrefs_backlinks", "semrush_audit")
    }
    assert counts == {"ahrefs_backlinks": (1508, 1508), "semrush_audit": (13250, 13250)}


def test_second_reading_changes_nothing(real: Read) -> None:
    inbox, _ = real
    before = inbox.rows("SELECT * FROM ingest.export_files ORDER BY ALL")
    assert all(outcome.is_already_known for outcome in inbox.read().values())
    assert inbox.rows("SELECT * FROM ingest.export_files ORDER BY ALL") == before


ACCOUNT = ("file", "kind", "records counted", "loaded", "merged", "rejected", "passed over", "reason")


def account(outcomes: dict[str, FileOutcome]) -> list[tuple[str, ...]]:
    """A row per file, member and sheet, with the header before and the sums of the loaded ones behind."""
    rows, sums = [], [0] * 5
    for path, count in counted().items():
        found = outcomes[path]
        became = (found.loaded_count, found.merged_count, found.rejected_count, found.passed_over_count)
        if found.status == "loaded":
            sums = [total + number for total, number in zip(sums, (count, *became), strict=True)]
        reason = f"set aside: {found.reason}" if found.status == "set_aside" else found.reason or ""
        rows.append((path, found.format or "-", *(f"{number:,}" for number in (count, *became)), reason))
    return [ACCOUNT, *rows, ("all that are loaded", "", *(f"{total:,}" for total in sums), "")]


def main() -> None:
    """Print the account as a table in Markdown."""
    inbox = Inbox(EXPORTS, open_memory())
    header, *rows = account(inbox.read())
    for cells in (header, ("---",) * len(header), *rows):
        print("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    inbox.connection.close()


if __name__ == "__main__":
    main()
