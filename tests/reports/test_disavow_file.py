"""The published limits of a disavow file: what is taken, what is told with its line number, and what covers what."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.disavow_file import MOST_BYTES, MOST_LINES, MOST_URL_LETTERS, parse_disavow
from reports.disavow_words import say_fault
from reports.messages import LANGUAGES


def test_lines_of_every_kind_are_read_in_their_order() -> None:
    text = "# why\r\n\r\ndomain:Links.example\r\nhttps://blog.example/a?b=1#c\r\ndomain:kaas.example\r\n"
    file = parse_disavow(b"\xef\xbb\xbf" + text.encode(), "x.txt")
    assert [(line.number, line.kind, line.entry) for line in file.lines] == [
        (1, "comment", ""), (2, "blank", ""), (3, "domain", "links.example"),
        (4, "url", "https://blog.example/a?b=1#c"), (5, "domain", "kaas.example"),
    ]  # fmt: skip
    assert (file.faults, file.line_end) == ((), "\r\n")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("domain: links.example", "domain_prefix"),
        ("Domain:links.example", "domain_prefix"),
        ("domain:https://links.example", "domain_path"),
        ("domain:links.example/page", "domain_path"),
        ("domain:links.example:8080", "domain_path"),
        ("domain:two words.example", "domain_path"),
        ("domain:*.links.example", "wildcard"),
        ("https://links.example/*", "wildcard"),
        ("domain:192.0.2.7", "ip"),
        ("domain:2001:db8::1", "ip"),
        ("domain:192.0.2.0/24", "ip"),
        ("192.0.2.7", "ip"),
        ("192.0.2.0/24", "ip"),
        ("domain:com", "suffix"),
        ("domain:co.uk", "suffix"),
        ("domain:", "no_domain"),
        ("domain:links", "no_domain"),
        ("domain:links.example # paid", "comment_behind"),
        ("https://links.example/ # paid", "comment_behind"),
        ("links.example", "no_entry"),
        ("all links of 2019 please", "no_entry"),
        ("ftp://links.example/", "no_entry"),
        ("https://localhost/", "no_domain"),
        ("https://links.example/" + "a" * MOST_URL_LETTERS, "url_length"),
        ("domain:links.example\x00", "control"),
        ("# comment \x1b[31m", "control"),
    ],
)
def test_a_line_that_breaks_a_limit_is_told_with_its_number(line: str, reason: str) -> None:
    file = parse_disavow(f"# fine\n{line}\ndomain:links.example\n".encode(), "x.txt")
    assert [(fault.number, fault.reason) for fault in file.faults] == [(2, reason)]
    assert [entry.number for entry in file.entries] == [3]
    for language in LANGUAGES:
        assert say_fault(file.faults[0], language)


@pytest.mark.parametrize(
    "line",
    [
        "domain:sub.links.example", "domain:xn--bcher-kva.example", "domain:bücher.example", "http://links.example",
        "https://192.0.2.7/page", "https://links.example/a*b".replace("*", "%2A"), "https://links.example/?q=*",
        "https://links.example/" + "a" * (MOST_URL_LETTERS - 22), "#no space", "  # indented",
    ],
)  # fmt: skip
def test_what_the_limits_allow_is_no_fault(line: str) -> None:
    assert parse_disavow(line.encode(), "x.txt").faults == ()


def test_bytes_that_are_no_utf_8_are_a_fault_of_their_line() -> None:
    file = parse_disavow(b"domain:links.example\n# caf\xe9\n", "x.txt")
    assert [(fault.number, fault.reason) for fault in file.faults] == [(2, "encoding")]
    assert "caf" in say_fault(file.faults[0], "nl")
    assert parse_disavow("domain:links.example\n".encode("utf-16"), "x.txt").faults[0].reason == "encoding"


def test_lines_and_bytes_are_counted_with_comments_and_blank_lines() -> None:
    assert parse_disavow(b"#\n" * MOST_LINES, "x.txt").faults == ()
    most = parse_disavow(b"#\n" * MOST_LINES + b"\n", "x.txt")
    assert [(fault.number, fault.reason, fault.found) for fault in most.faults] == [(None, "lines", "100001")]
    long = parse_disavow(b"#" + b"a" * MOST_BYTES, "x.txt")
    assert [(fault.number, fault.reason) for fault in long.faults] == [(None, "bytes")]
    assert parse_disavow(b"", "x.txt").lines == ()


def test_a_domain_line_covers_what_lies_below_it() -> None:
    file = parse_disavow(b"domain:links.example\nhttps://blog.example/a\ndomain:links.example\n", "x.txt")
    found = file.find_domain("sub.links.example")
    assert found is not None and found.number == 1
    assert file.find_domain("otherlinks.example") is None
    page = file.find_url("https://www.links.example/x")
    assert page is not None and page.number == 1
    same = file.find_url("https://blog.example/a#part")
    assert same is not None and same.number == 2
    assert file.find_url("https://blog.example/b") is None


PIECES = st.sampled_from(
    [
        "domain:",
        "links.example",
        "https://links.example/a",
        "#",
        " ",
        "\n",
        "\r\n",
        "\r",
        "*",
        "192.0.2.7",
        "\u2028",
        "é",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_any_text_is_read_and_a_file_without_faults_reads_the_same_again(text: str) -> None:
    data = text.encode("utf-8", errors="replace")
    file = parse_disavow(data, "x.txt")
    assert [line.number for line in file.lines] == list(range(1, len(file.lines) + 1))
    assert len(file.faults) == sum(line.kind == "faulty" for line in file.lines)
    again = parse_disavow(file.line_end.join([*(line.text for line in file.lines), ""]).encode(), "x.txt")
    assert again.lines == file.lines


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read(data: bytes) -> None:
    file = parse_disavow(data, "x.txt")
    assert len(file.faults) == sum(line.kind == "faulty" for line in file.lines)
