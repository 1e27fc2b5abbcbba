"""Google Search Console: the bulk export to BigQuery, its two tables as Parquet or CSV.

The tables repeat their keys and must always be added up; positions are sums from 0, so that the mean position is
`sum(position sum) / sum(impressions) + 1`. Anonymised queries are there, without their words: they stay one row with a
null query, and are added to no other.
"""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads
from transforms.ingest.formats.search_console import COUNT
from transforms.ingest.formats.search_console_words import DEVICES
from transforms.ingest.formats.written import Address, Choice, Day, Number, Text
from transforms.ingest.formats.written_countries import Country

PROVIDER = "search_console_bulk"
PAGE = Reads(target="page_url", headers=("url",), written=Address(), is_required=True)


def _table(name: str, title: str, dimension_set: str, position_sum: str, pages: tuple[Reads, ...]) -> ExportFormat:
    return ExportFormat(
        name=name,
        family=PROVIDER,
        title=title,
        provider=PROVIDER,
        feed="rankings",
        thing="performance",
        recognised_by=(("data_date",), ("site_url",), (position_sum,)),
        columns=(
            Reads(target="performed_on", headers=("data_date",), written=Day(), is_required=True, is_filled=True),
            *pages,
            Reads(target="query", headers=("query",), written=Text(), is_required=True),
            Reads(target="country", headers=("country",), written=Country(by_name=False), is_required=True),
            Reads(target="device", headers=("device",), written=Choice(words=DEVICES), is_required=True),
            Reads(target="clicks", headers=("clicks",), written=COUNT, is_required=True, is_filled=True),
            Reads(target="impressions", headers=("impressions",), written=COUNT, is_required=True, is_filled=True),
            Reads(
                target="position_sum",
                headers=(position_sum,),
                written=Number(least=0),
                is_required=True,
                is_filled=True,
            ),
        ),
        key=("performed_on", *(page.target for page in pages), "query", "country", "device"),
        ignored_pattern=re.compile(r"is_\w+"),
        passes_over=(
            PassesOver(
                headers=("search_type",),
                words=("WEB", "web"),
                keeps=True,
                because="other searches than web search (image, video, news, discover)",
            ),
        ),
        constants={"dimension_set": dimension_set},
        site_column="page_url" if pages else None,
        site_headers=("site_url",),
        days=("performed_on",),
        is_round_suspect=False,
        notes=(
            "Rows that share their key are added up and count as merged. Anonymised queries (`is_anonymized_query`) "
            "are one row with a null query. One file holds one property: of two that cover the same pages, a sum "
            "would count clicks twice."
        ),
    )


FORMATS = (
    _table(
        "search_console_bulk_site",
        "Search Console bulk export: searchdata_site_impression",
        "query_country_device",
        "sum_top_position",
        (),
    ),
    _table(
        "search_console_bulk_url",
        "Search Console bulk export: searchdata_url_impression",
        "page_query_country_device",
        "sum_position",
        (PAGE,),
    ),
)
