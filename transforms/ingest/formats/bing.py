"""Bing Webmaster Tools: search performance by page, by keyword and by day."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Day, Number, Text, Written

COUNT = Number(least=0, is_whole=True)
CLICKS = Reads(target="clicks", headers=("Clicks",), written=COUNT, is_required=True, is_filled=True)
IMPRESSIONS = Reads(target="impressions", headers=("Impressions",), written=COUNT, is_required=True, is_filled=True)
POSITION = Reads(target="position", headers=("Avg. Position",), written=Number(least=0), is_required=True)


def _totals(name: str, title: str, dimension_set: str, target: str, header: str, written: Written) -> ExportFormat:
    return ExportFormat(
        name=name,
        family="bing_performance",
        title=title,
        provider="bing",
        feed="rankings",
        thing="performance",
        recognised_by=((header,), ("Clicks",), ("Impressions",), ("Avg. Position",)),
        columns=(
            Reads(target=target, headers=(header,), written=written, is_required=True, is_filled=True),
            CLICKS,
            IMPRESSIONS,
            POSITION,
        ),
        key=(target,),
        ignored=("CTR",),
        knows_all=True,
        constants={"dimension_set": dimension_set},
        site_column="page_url" if target == "page_url" else None,
        notes=(
            "Totals of a period that the file does not say. Impossible values (more clicks than impressions) are the "
            "provider's and are kept as they are; a check warns of them. Quotes inside a quoted keyword are "
            "not escaped by the provider."
        ),
    )


FORMATS = (
    _totals("bing_pages", "Bing Webmaster Tools: pages", "page", "page_url", "Page", Address()),
    _totals("bing_keywords", "Bing Webmaster Tools: keywords", "query", "query", "Keyword", Text()),
    ExportFormat(
        name="bing_daily",
        family="bing_performance",
        title="Bing Webmaster Tools: days",
        provider="bing",
        feed="rankings",
        thing="performance",
        recognised_by=(("Date",), ("Clicks",), ("Impressions",), ("Avg. CTR",)),
        columns=(
            Reads(
                target="performed_on",
                headers=("Date",),
                written=Day(order="month_first"),
                is_required=True,
                is_filled=True,
            ),
            CLICKS,
            IMPRESSIONS,
        ),
        key=("performed_on",),
        ignored=("Avg. CTR",),
        constants={"dimension_set": "day"},
        days=("performed_on",),
        notes="Days are month first, with a time of day behind them (`7/1/2025 12:00:00 AM`).",
    ),
)
