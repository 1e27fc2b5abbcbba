"""Exports that are recognised and not read yet: enough to say what a file is and that it is not forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.ingest.formats.format import Feed


@dataclass(frozen=True)
class KnownKind:
    """A kind of export told by its first lines."""

    title: str
    """What people call it."""

    feed: Feed
    """Which DAG will read it."""

    headers: tuple[str, ...] = ()
    """Header names that are all there, in any order; with ``is_whole``, and no others."""

    is_whole: bool = False
    """The header has exactly these names."""

    line: re.Pattern[str] | None = None
    """Or: matches one of the first lines."""

    header: re.Pattern[str] | None = None
    """Or: matches one header name."""

    every_line: re.Pattern[str] | None = None
    """Or: matches every line of the head but the last."""


DISCOVER = "Search Console performance on Discover or News (no positions)"

KNOWN_KINDS = (
    KnownKind("Semrush backlinks comparison", "backlinks", ("Target", "Target type", "Authority Score")),
    KnownKind("Ahrefs top pages", "rankings", ("URL", "UR", "Traffic", "Top keyword")),
    KnownKind("Ahrefs content gap", "rankings", ("Keyword", "SERP features", "Volume", "KD", "Updated")),
    KnownKind("Search Console page indexing", "rankings", ("Date", "Not indexed", "Indexed")),
    KnownKind("Search Console page indexing", "rankings", ("Date", "Affected pages"), is_whole=True),
    KnownKind(
        "Search Console performance comparison of two periods by day (its rows say the day of one period only)",
        "rankings",
        header=re.compile(r"^(?=.*\d|Previous|Same).+ (Clicks|Aantal klikken|Klicks|Clics|Lượt nhấp)$"),
    ),
    KnownKind(DISCOVER, "rankings", ("Top pages", "Clicks", "Impressions", "CTR"), is_whole=True),
    KnownKind(DISCOVER, "rankings", ("Date", "Clicks", "Impressions", "CTR"), is_whole=True),
    KnownKind(
        "Search Console performance by hour (the 24-hour view: parts of two days, not final)",
        "rankings",
        header=re.compile(r"^\S.* \((UTC|GMT)|^hour$"),
    ),
    KnownKind("SpamZilla domains", "backlinks", ("Name", "TF", "CF", "Majestic BL")),
    KnownKind("SpamZilla domains", "backlinks", ("Domain Name", "SZ Score")),
)
"""Checked in this order, after the formats that are read."""


def known_kind(header: tuple[str, ...], lines: tuple[str, ...]) -> KnownKind | None:
    """The kind that a header (stripped names) or the first text lines point to; None when unknown."""
    names = set(header)
    for kind in KNOWN_KINDS:
        if kind.headers and names >= set(kind.headers) and (not kind.is_whole or names == set(kind.headers)):
            return kind
        if kind.header and any(kind.header.search(name) for name in header):
            return kind
        if kind.every_line and len(lines) > 1 and all(kind.every_line.search(line.strip()) for line in lines[:-1]):
            return kind
        if kind.line and any(kind.line.search(line.strip()) for line in lines):
            return kind
    return None
