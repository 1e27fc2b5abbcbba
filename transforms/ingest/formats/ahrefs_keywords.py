"""Ahrefs: Organic keywords, of one date or as a comparison of two; UTF-16 with tabs or UTF-8 with commas."""

from __future__ import annotations

import re

from transforms.ingest.formats.format import Beside, ExportFormat, KindBeside, PassesOver, Reads, WideColumns
from transforms.ingest.formats.written import Address, Day, Number, Rank, Text
from transforms.ingest.formats.written_countries import Country

POSITION = ("Current position", "Current average position")
INSIDE = "places inside result-page features (a filled 'URL inside')"
COLUMNS = (
    Reads(target="keyword", headers=("Keyword",), written=Text(), is_required=True, is_filled=True),
    Reads(target="country", headers=("Country code", "Country"), written=Country(keeps_unknown=False)),
    Reads(target="search_volume", headers=("Volume",), written=Number(least=0)),
)
IGNORED = (
    "Location",
    "Language",
    "Entities",
    "SERP features",
    "KD",
    "CPC",
    "Organic traffic",
    "Paid traffic",
    "Previous organic traffic",
    "Current organic traffic",
    "Organic traffic change",
    "Current paid traffic",
    "Previous position",
    "Previous average position",
    "Position change",
    "Previous position kind",
    "Current position kind",
    "Previous URL",
    "Previous URL inside",
    "Branded",
    "Local",
    "Navigational",
    "Informational",
    "Commercial",
    "Transactional",
)
COUNTRY_IN_NAME = re.compile(r"organic-keywords-[a-z_]+-([a-z]{2})-", re.IGNORECASE)

FORMATS = (
    ExportFormat(
        name="ahrefs_keywords",
        family="ahrefs_keywords",
        title="Ahrefs Organic keywords",
        provider="ahrefs_keywords",
        feed="rankings",
        thing="rankings",
        recognised_by=(("Keyword",), POSITION, ("Current URL",)),
        columns=(
            *COLUMNS,
            Reads(target="position", headers=POSITION, written=Rank(unranked=()), is_required=True),
            Reads(target="page_url", headers=("Current URL",), written=Address(), is_required=True),
            Reads(target="ranked_on", headers=("Updated",), written=Day()),
        ),
        key=("keyword", "country", "ranked_on"),
        ignored=IGNORED,
        passes_over=(
            PassesOver(headers=("Current URL inside",), words=("",), keeps=True, because=INSIDE),
            PassesOver(headers=POSITION, words=("",), keeps=False, because="keywords without a position"),
        ),
        site_column="page_url",
        days=("ranked_on",),
        tracked_depth=100,
        country_in_name=COUNTRY_IN_NAME,
        notes=(
            "Every keyword has the day of its own check (`Updated`). A comparison without dates is read as this: its "
            "current half only, for the day of the other half is not known."
        ),
    ),
    ExportFormat(
        name="ahrefs_keywords_compared",
        family="ahrefs_keywords",
        title="Ahrefs Organic keywords, comparison of two dates",
        provider="ahrefs_keywords",
        feed="rankings",
        thing="rankings",
        recognised_by=(("Keyword",), ("Previous date",), ("Current date",)),
        columns=COLUMNS,
        key=("keyword", "country"),
        ignored=(*IGNORED, *POSITION, "Current URL", "Current URL inside", "Previous date", "Current date"),
        wide=WideColumns(
            target="position",
            written=Rank(unranked=()),
            header=re.compile(r"(Previous|Current)(?: average)? position"),
            says=lambda _: {},
            beside=(
                Beside(target="page_url", header=re.compile(r"(Previous|Current) URL"), written=Address()),
                Beside(target="ranked_on", header=re.compile(r"(Previous|Current) date"), written=Day()),
            ),
            kind=KindBeside(
                header=re.compile(r"(Previous|Current) URL inside"),
                words=("",),
                because=INSIDE,
            ),
        ),
        days=("ranked_on",),
        tracked_depth=100,
        country_in_name=COUNTRY_IN_NAME,
        notes=(
            "Two observations a keyword, the previous and the current, each on its own date. A half without a position "
            "is no observation: the export does not say whether it was checked."
        ),
    ),
)
