"""SE Ranking: positions, detailed (``<domain_with_underscores>__positions_detailed_<day>.csv``); one column per day."""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads, WideColumns, day_in_header
from transforms.ingest.formats.written import Address, Number, Rank, Text

FORMATS = (
    ExportFormat(
        name="se_ranking_positions",
        family="se_ranking_positions",
        title="SE Ranking positions, detailed",
        provider="se_ranking",
        feed="rankings",
        thing="rankings",
        recognised_by=(("Keyword",), ("Search vol.", "URL")),
        columns=(
            Reads(target="keyword", headers=("Keyword",), written=Text(), is_required=True, is_filled=True),
            Reads(target="page_url", headers=("URL",), written=Address()),
            Reads(target="search_volume", headers=("Search vol.",), written=Number(least=0)),
        ),
        key=("keyword",),
        ignored=("Tags", "Dynamics"),
        preamble=re.compile(r"^Google .*interface language:", re.IGNORECASE),
        wide=WideColumns(
            target="position",
            written=Rank(unranked=("-", "100+")),
            header=re.compile(r"(?P<day>\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4})"),
            says=day_in_header("ranked_on", "%Y-%m-%d", "%d/%m/%Y"),
            day_target="ranked_on",
            no_observation=("", "No data"),
        ),
        passes_over=(
            PassesOver(
                headers=("URL",),
                words=("--",),
                keeps=False,
                because="totals of keyword groups (no page, mean position)",
            ),
        ),
        site_column="page_url",
        days=("ranked_on",),
        tracked_depth=100,
        notes="'-' and '100+' mean not ranked within 100; 'No data' and empty mean not checked: no observation.",
    ),
)
