"""Semrush: Position Tracking, rankings overview; a group of columns per site and day behind a preamble.

`*.example.com/*_20260501` is the position, `..._type` what kind of result it was, `..._landing` the page. The site of
the project comes first; competitors, when they are there, have groups of their own behind it.
"""

from __future__ import annotations

import re

from transforms.ingest.formats.format import Beside, ExportFormat, KindBeside, Reads, WideColumns, day_in_header
from transforms.ingest.formats.written import Address, Number, Rank, Text

FORMATS = (
    ExportFormat(
        name="semrush_tracking",
        family="semrush_tracking",
        title="Semrush Position Tracking",
        provider="semrush_tracking",
        feed="rankings",
        thing="rankings",
        recognised_by=(("Keyword",),),
        columns=(
            Reads(target="keyword", headers=("Keyword",), written=Text(), is_required=True, is_filled=True),
            Reads(target="search_volume", headers=("Search Volume",), written=Number(least=0, nothing=("n/a", "-"))),
        ),
        key=("keyword",),
        ignored=("Tags", "Intents", "CPC", "Keyword Difficulty"),
        ignored_pattern=re.compile(r".+_(?:visibility|difference)"),
        preamble=re.compile(r"^(?:-{5,}|[A-Z][A-Za-z ]{1,40}:.*)$"),
        wide=WideColumns(
            target="position",
            written=Rank(),
            header=re.compile(r"(?P<project>.+)_(?P<day>20\d{6})"),
            says=day_in_header("ranked_on", "%Y%m%d"),
            day_target="ranked_on",
            beside=(
                Beside(
                    target="page_url",
                    header=re.compile(r"(?P<project>.+)_(?P<day>20\d{6})_landing"),
                    written=Address(),
                ),
            ),
            kind=KindBeside(
                header=re.compile(r"(?P<project>.+)_(?P<day>20\d{6})_type"),
                words=("organic", "site links", ""),
                because="places inside result-page features (a type such as ai overview or local)",
            ),
            no_observation=("", "n/a"),
            first_only=True,
        ),
        site_in_header=re.compile(r"(?:\*\.)?([^/*]+)(?:/.*)?_20\d{6}"),
        days=("ranked_on",),
        tracked_depth=100,
        notes=(
            "'-' means not ranked within 100. A place inside a feature of the result page (ai overview, local, ...) is "
            "no organic position and no observation; a result with site links is organic. Columns of competitors are "
            "recorded as unknown, never read as the site's."
        ),
    ),
)
