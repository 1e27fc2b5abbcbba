"""The project's own calendar of updates and data breaks; the bundled one, or a file of the same columns."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Choice, Day, Text
from transforms.schemas.vocabulary import EVENT_KINDS

FORMATS = (
    ExportFormat(
        name="event_calendar",
        family="event_calendar",
        title="Penalty Radar event calendar",
        provider="calendar",
        feed="rankings",
        thing="events",
        recognised_by=(("event_id",), ("kind",), ("starts_on",)),
        columns=(
            Reads(target="event_id", headers=("event_id",), written=Text(), is_required=True, is_filled=True),
            Reads(
                target="kind",
                headers=("kind",),
                written=Choice(words=tuple((kind, kind) for kind in EVENT_KINDS)),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="site_domain", headers=("site_domain",), written=Text()),
            Reads(target="name", headers=("name",), written=Text(), is_required=True, is_filled=True),
            Reads(target="starts_on", headers=("starts_on",), written=Day(), is_required=True, is_filled=True),
            Reads(target="ends_on", headers=("ends_on",), written=Day(), is_required=True),
            Reads(target="scope", headers=("scope",), written=Text()),
            Reads(target="source", headers=("source",), written=Text(), is_required=True, is_filled=True),
        ),
        key=("event_id",),
        days=("starts_on", "ends_on"),
        needs_site=False,
        notes="An empty site_domain means all sites; an empty ends_on means not over or not known.",
    ),
)
