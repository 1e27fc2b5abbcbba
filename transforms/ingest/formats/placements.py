"""The list of links the team placed itself, with English or Dutch headers; see docs/team-files.md."""

from __future__ import annotations

from transforms.ingest.formats.event_calendar import either_case
from transforms.ingest.formats.format import ExportFormat, Reads
from transforms.ingest.formats.written import Address, Choice, Day, Text
from transforms.schemas.vocabulary import PLACEMENT_KINDS

KINDS = (
    *((kind, kind) for kind in PLACEMENT_KINDS),
    ("guest post", "guest_post"),
    ("link programme", "link_programme"),
    ("link program", "link_programme"),
    ("gekocht", "bought"),
    ("geruild", "exchanged"),
    ("gastblog", "guest_post"),
    ("linkprogramma", "link_programme"),
    ("verdiend", "earned"),
    ("anders", "other"),
)

URL = ("URL", *either_case("url", "source_url", "pagina"))
DATE = either_case("date", "placed_on", "datum", "geplaatst_op")
KIND = either_case("kind", "soort")
CAMPAIGN = either_case("campaign", "campagne")
DAY = Day(order="iso_or_dashed")

FORMATS = (
    ExportFormat(
        name="placements",
        family="placements",
        title="Links the team placed (placements.csv)",
        provider="placements",
        feed="backlinks",
        thing="placements",
        recognised_by=(URL, DATE, KIND, CAMPAIGN),
        columns=(
            Reads(target="source_url", headers=URL, written=Address(), is_required=True, is_filled=True),
            Reads(target="placed_on", headers=DATE, written=DAY, is_required=True),
            Reads(target="kind", headers=KIND, written=Choice(words=KINDS, any_case=True), is_required=True),
            Reads(target="campaign", headers=CAMPAIGN, written=Text(), is_required=True),
            Reads(target="target_url", headers=either_case("target", "target_url", "doel"), written=Address()),
            Reads(target="removed_on", headers=either_case("removed_on", "verwijderd_op"), written=DAY),
            Reads(target="note", headers=either_case("note", "notitie", "opmerking"), written=Text()),
        ),
        key=("source_url", "target_url"),
        site_column="target_url",
        days=("placed_on", "removed_on"),
        notes=(
            "Kept by the team (docs/team-files.md), with English or Dutch headers and kinds. Days are written "
            "2026-11-15 or 15-11-2026, whatever the language of the header. The file names every column of its first "
            "four; date, kind and campaign may be empty."
        ),
    ),
)
