"""Semrush: Overview trend, estimates for a whole domain with one column per day or month."""

from __future__ import annotations

import re

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads, WideColumns, day_in_header
from transforms.ingest.formats.written import Choice, Number
from transforms.ingest.formats.written_countries import Country

METRICS = (
    ("Organic Traffic", "organic_traffic"),
    ("Organic Keywords", "organic_keywords"),
    ("Organic Traffic Cost", "organic_traffic_cost"),
    ("Paid Traffic", "paid_traffic"),
    ("Paid Keywords", "paid_keywords"),
    ("Paid Traffic Cost", "paid_traffic_cost"),
)

FORMATS = (
    ExportFormat(
        name="semrush_trend",
        family="semrush_trend",
        title="Semrush Overview trend",
        provider="semrush_trend",
        feed="rankings",
        thing="visibility",
        recognised_by=(("Target",), ("Metric",), ("Database",)),
        columns=(
            Reads(
                target="metric", headers=("Metric",), written=Choice(words=METRICS), is_required=True, is_filled=True
            ),
            Reads(
                target="country",
                headers=("Database",),
                written=Country(keeps_unknown=False, nothing=("Worldwide",)),
                is_required=True,
                is_filled=True,
            ),
        ),
        key=("metric", "country"),
        ignored=("Summary",),
        wide=WideColumns(
            target="visibility",
            written=Number(least=0),
            header=re.compile(r"(?P<day>\d{4}-\d\d(?:-\d\d)?)"),
            says=day_in_header("measured_on", "%Y-%m-%d", "%Y-%m"),
            day_target="measured_on",
        ),
        passes_over=(
            PassesOver(
                headers=("Target Type",),
                words=("root domain",),
                keeps=True,
                because="parts of a site (Target Type other than root domain)",
            ),
        ),
        site_headers=("Target",),
        days=("measured_on",),
        notes=(
            "A monthly value stands on the first day of its month. `Worldwide` has no country. The values are the "
            "provider's estimates: its database grew in steps (2015-10), which is no change of the site."
        ),
    ),
)
