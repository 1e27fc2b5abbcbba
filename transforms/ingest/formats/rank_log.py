"""Rank logs that people keep themselves: a day, a keyword and a rank per row."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Choice, Day, Rank, Text
from transforms.ingest.formats.written_countries import Country

NOT_FOUND = ("not_found", "not found", "Not found", "not ranked", "unranked", "none", "None", "-")

FORMATS = (
    ExportFormat(
        name="rank_log",
        family="rank_log",
        title="Rank log (date, keyword, rank)",
        provider="rank_log",
        feed="rankings",
        thing="rankings",
        recognised_by=(("date", "Date"), ("keyword", "Keyword"), ("rank", "Rank", "position", "Position")),
        columns=(
            Reads(target="ranked_on", headers=("date", "Date"), written=Day(), is_required=True, is_filled=True),
            Reads(target="keyword", headers=("keyword", "Keyword"), written=Text(), is_required=True, is_filled=True),
            Reads(
                target="position",
                headers=("rank", "Rank", "position", "Position"),
                written=Rank(unranked=NOT_FOUND),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="page_url", headers=("url", "URL", "page", "Page"), written=Address()),
            Reads(
                target="device",
                headers=("device", "Device"),
                written=Choice(
                    words=(
                        ("desktop", "desktop"),
                        ("Desktop", "desktop"),
                        ("mobile", "mobile"),
                        ("Mobile", "mobile"),
                    )
                ),
            ),
            Reads(target="country", headers=("country", "Country"), written=Country(keeps_unknown=False)),
        ),
        key=("keyword", "ranked_on", "device", "country"),
        site_column="page_url",
        site_headers=("domain", "Domain", "site", "Site", "website", "Website"),
        days=("ranked_on",),
        notes=(
            "`not_found` and the like mean checked and not found; how deep was looked is not known. A rank of 0 or "
            "less is rejected: some logs mean 'not found' by it, others a failed check. A log that follows several "
            "domains is set aside; keep one file per domain."
        ),
    ),
)
