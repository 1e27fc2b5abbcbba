"""Sistrix: visibility index (`domain.sichtbarkeitsindex`), an answer of its API as XML or JSON."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Day, Number

FORMATS = (
    ExportFormat(
        name="sistrix_visibility",
        family="sistrix_visibility",
        title="Sistrix visibility index",
        provider="sistrix_visibility",
        feed="rankings",
        thing="visibility",
        recognised_by=(("domain",), ("date",), ("value",)),
        columns=(
            Reads(
                target="measured_on",
                headers=("date",),
                written=Day(order="moment"),
                is_required=True,
                is_filled=True,
            ),
            Reads(
                target="visibility",
                headers=("value",),
                written=Number(least=0),
                is_required=True,
                is_filled=True,
            ),
        ),
        key=("measured_on",),
        knows_all=True,
        constants={"metric": "sistrix_visibility"},
        site_headers=("domain",),
        days=("measured_on",),
        notes=(
            "Recognised by attributes `domain`, `date` and `value` and nothing else, with a date that has a time and a "
            "zone, as the API writes it; the day counts as written. The answer does not say country or device."
        ),
    ),
)
