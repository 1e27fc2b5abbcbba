"""Rows: what is read of them, what is rejected, and that none is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import (
    AUDIT_HEADER,
    AUDIT_ROW,
    SEMRUSH_HEADER,
    SITE,
    ahrefs,
    line,
    semrush,
    semrush_row,
)
from tests.transforms.text_tables import open_memory

REJECTED = "SELECT row_number, column_name, value, reason FROM ingest.rejected_rows ORDER BY row_number, column_name"


@pytest.mark.parametrize("columns", [34, 36, 37])
@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-16", "\t"), ("utf-8", ","), ("utf-8-sig", ";"), ("utf-16-be", "\t")]
)
def test_ahrefs_in_every_variant_reads_the_same(inbox: Inbox, columns: int, encoding: str, delimiter: str) -> None:
    rows: list[dict[str, str]] = [
        {},
        {"Referring page URL": "https://b.example/", "Lost": "2026-01-22 01:32:56", "Type": "image"},
    ]
    content = ahrefs(*rows, columns=columns, encoding=encoding, delimiter=delimiter)
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    outcome = inbox.read_only(f"{SITE}/a.csv", content)
    assert (outcome.format, outcome.loaded_count, outcome.rejected_count) == ("ahrefs_backlinks", 2, 0)
    assert inbox.rows(
        "SELECT source_domain, source_host, source_title, left_context, source_authority, is_image, is_lost, "
        "CAST(lost_on AS VARCHAR), CAST(first_seen_on AS VARCHAR) "
        "FROM observed_links ORDER BY 1"
    ) == [
        ("b.example", "b.example", "Tien tips\nvoor kaas", "koop", 3.7, True, True, "2026-01-22", "2025-09-02"),
        ("lifeblog.nl", "www.lifeblog.nl", "Tien tips\nvoor kaas", "koop", 3.7, False, False, None, "2025-09-02"),
    ]  # fmt: skip


def test_semrush_values(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/a.csv", semrush(semrush_row(anchor="", nofollow="true", lost="true")))
    assert inbox.rows(
        "SELECT provider, anchor_text, page_authority, source_authority, external_link_count, is_nofollow, is_lost, "
        "lost_on FROM staging.link_observations"
    ) == [("semrush_backlinks", "", 12.0, None, 7, True, True, None)]


def test_audit_is_a_provider_of_its_own_and_keeps_its_score(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/audit.csv", f"{AUDIT_HEADER}\n{AUDIT_ROW}\n")
    assert inbox.rows("SELECT provider, provider_score, source_domain, is_image FROM observed_links") == [
        ("semrush_audit", 95.0, "linkveld.example", False)
    ]


def test_semicolons_and_crlf_of_another_locale(inbox: Inbox) -> None:
    cells = [SEMRUSH_HEADER.split(","), semrush_row().split(",")]
    text = "\r\n".join(line(row, ";") for row in cells) + "\r\n"
    assert inbox.read_only(f"{SITE}/a.csv", text).loaded_count == 1


@pytest.mark.parametrize(
    ("changed", "column", "value", "said"),
    [
        ({"first": "05-01-2026"}, "First seen", "05-01-2026", "YYYY-MM-DD"),
        ({"first": "2026-02-30"}, "First seen", "2026-02-30", "YYYY-MM-DD"),
        ({"last": "0001-01-01"}, "Last seen", "0001-01-01", "1990"),
        ({"nofollow": "misschien"}, "Nofollow", "misschien", "one of true, false"),
        ({"score": "101"}, "Page ascore", "101", "from 0 to 100"),
        ({"score": "nan"}, "Page ascore", "nan", "a number"),
        ({"score": "1_0"}, "Page ascore", "1_0", "a number"),
        ({"source": "mailto:jan@kaas.example"}, "Source url", "mailto:jan@kaas.example", "a web address"),
        ({"source": ""}, "Source url", "", "may not be empty"),
        ({"target": "/kaas"}, "Target url", "/kaas", "a web address"),
    ],
)
def test_bad_value_rejects_its_row_and_the_rest_loads(
    inbox: Inbox, changed: dict[str, str], column: str, value: str, said: str
) -> None:
    outcome = inbox.read_only(
        f"{SITE}/a.csv", semrush(semrush_row(), semrush_row(**changed), semrush_row("b.example/x"))
    )
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count, outcome.rejected_count) == (3, 2, 0, 1)
    [(row_number, name, shown, reason)] = inbox.rows(REJECTED)
    assert (row_number, name, shown) == (2, column, value)
    assert said in reason


def test_long_value_is_cut_and_two_bad_values_are_two_reasons_and_one_row(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/a.csv", semrush(semrush_row(first="x" * 999, nofollow="?"), semrush_row()))
    assert outcome.rejected_count == 1
    assert [(name, len(value)) for _, name, value, _ in inbox.rows(REJECTED)] == [("First seen", 200), ("Nofollow", 1)]


def test_record_of_the_wrong_width_is_rejected_whole(inbox: Inbox) -> None:
    outcome = inbox.read_only(
        f"{SITE}/a.csv", semrush(semrush_row(), "12,te kort", semrush_row("b.example/") + ",te veel")
    )
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 2)
    stars = [(number, reason) for number, name, _, reason in inbox.rows(REJECTED) if name == "*"]
    assert stars == [(2, "19 columns as in the header; found 2"), (3, "19 columns as in the header; found 20")]


def test_unclosed_quote_says_how_much_it_swallowed(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/a.csv", semrush(semrush_row(), '12,"open', *[semrush_row()] * 5))
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 1)
    assert any("a quote may not be closed: 6 lines" in reason for *_, reason in inbox.rows(REJECTED))


def test_bytes_that_are_no_text_reject_their_row_only(inbox: Inbox) -> None:
    bad = semrush_row(anchor="prijs").encode().replace(b"prijs", b"\xff\xfe")
    filler = [semrush_row(f"https://x{number}.example/").encode() for number in range(800)]
    outcome = inbox.read_only(f"{SITE}/a.csv", b"\n".join([semrush().strip(), *filler, bad]))
    assert (outcome.row_count, outcome.loaded_count, outcome.rejected_count) == (802, 801, 1)
    assert [(name, reason) for _, name, _, reason in inbox.rows(REJECTED)] == [("*", "text in UTF-8")]


def test_windows_file_is_read_and_says_so(inbox: Inbox) -> None:
    content = semrush(semrush_row(anchor="crème")).decode().encode("cp1252")
    outcome = inbox.read_only(f"{SITE}/a.csv", content)
    assert "Windows-1252" in (outcome.reason or "")
    assert inbox.rows("SELECT anchor_text FROM staging.link_observations") == [("crème",)]


def test_blank_lines_and_trailing_commas_are_no_rows(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/a.csv", f"{SEMRUSH_HEADER},,\n\n{semrush_row()},,\n\n")
    assert (outcome.row_count, outcome.loaded_count) == (1, 1)


def test_rows_that_share_the_key_are_one_observation(inbox: Inbox) -> None:
    rows = [semrush_row(anchor="oud", last="2026-01-02"), semrush_row(anchor="nieuw"), semrush_row(anchor="ook nieuw")]
    outcome = inbox.read_only(f"{SITE}/a.csv", semrush(*rows))
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count) == (3, 1, 2)
    assert inbox.rows("SELECT anchor_text, merged_count FROM staging.link_observations") == [("nieuw", 2)]


def test_header_without_rows_is_loaded_and_empty(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/a.csv", SEMRUSH_HEADER)
    assert (outcome.status, outcome.row_count, outcome.last_day_on) == ("loaded", 0, None)


DAYS = st.sampled_from(["2026-01-05", "2025-12-31", "", "2026-13-01", "gisteren", "2026-01-05 10:00:00"])
FLAGS = st.sampled_from(["true", "false", "TRUE", "", "ja"])
ADDRESSES = st.sampled_from(
    ["https://a.example/", "http://b.example:8080/x?y=1", "c.example", "//d.example/x", "", "tel:06", "https://xn--/"]
)
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
ROWS = st.lists(
    st.builds(
        semrush_row,
        ADDRESSES,
        st.just(f"https://{SITE}/"),
        anchor=WORDS,
        score=st.sampled_from(["0", "100", "-1", "x", "", "7.5"]),
        nofollow=FLAGS,
        first=DAYS,
        last=DAYS,
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_no_row_is_lost(rows: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inbox = Inbox(Path(folder), open_memory())
        outcome = inbox.read_only(f"{SITE}/a.csv", "\n".join([SEMRUSH_HEADER, *rows]))
        rejected = inbox.rows("SELECT count(DISTINCT row_number) FROM ingest.rejected_rows")[0][0]
        [(kept, merged)] = inbox.rows("SELECT count(*), coalesce(sum(merged_count), 0) FROM staging.link_observations")
        assert outcome.status == "loaded"
        assert outcome.row_count == len(rows)
        assert (outcome.loaded_count, outcome.merged_count, outcome.rejected_count) == (kept, int(merged), rejected)
        inbox.connection.close()
