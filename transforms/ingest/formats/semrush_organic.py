"""Semrush: Organic Positions, as CSV or spreadsheet; every keyword has the day of its own check."""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads
from transforms.ingest.formats.written import Address, Day, Number, Rank, Text

FORMATS = (
    ExportFormat(
        name="semrush_organic",
        family="semrush_organic",
        title="Semrush Organic Positions",
        provider="semrush_organic",
        feed="rankings",
        thing="rankings",
        recognised_by=(("Keyword",), ("Position",), ("Traffic (%)", "Number of Results", "Timestamp")),
        columns=(
            Reads(target="keyword", headers=("Keyword",), written=Text(), is_required=True, is_filled=True),
            Reads(target="position", headers=("Position",), written=Rank(unranked=()), is_required=True),
            Reads(target="page_url", headers=("URL",), written=Address(), is_required=True),
            Reads(target="search_volume", headers=("Search Volume",), written=Number(least=0)),
            Reads(target="ranked_on", headers=("Timestamp",), written=Day(), is_required=True, is_filled=True),
        ),
        key=("keyword", "ranked_on"),
        ignored=(
            "Previous position",
            "Keyword Difficulty",
            "CPC",
            "Traffic",
            "Traffic (%)",
            "Traffic Cost",
            "Competition",
            "Number of Results",
            "Trends",
            "SERP Features by Keyword",
            "Keyword Intents",
        ),
        passes_over=(
            PassesOver(
                headers=("Position Type",),
                words=("Organic", ""),
                keeps=True,
                because="places inside result-page features (Position Type other than Organic)",
            ),
        ),
        site_column="page_url",
        days=("ranked_on",),
        row_caps=(10_000, 30_000, 50_000),
        tracked_depth=100,
        country_in_name=re.compile(r"organic\.Positions-(?:(?:mobile|desktop)-)?([a-z]{2})-", re.IGNORECASE),
        device_in_name=re.compile(r"organic\.Positions-(?:[a-z]{2}-)?(mobile|desktop)(?![a-z])", re.IGNORECASE),
        notes=(
            "A file name with `-mobile-` or `-desktop-` tells the device; without it the device is null. The export "
            "lists only keywords that rank: a keyword that is absent may be unranked or cut off."
        ),
    ),
)
