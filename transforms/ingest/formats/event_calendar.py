"""What the team writes down itself: the calendar of events, English or Dutch; the bundled calendar has this form too.

One row per event: search updates, data breaks, manual actions, changes of the site, links taken away, disavow files
handed in, requests for reconsideration. How to keep it: docs/team-files.md.
"""

from __future__ import annotations

from transforms.ingest.formats.event_identity import event_id, scope_of_name
from transforms.ingest.formats.format import Derived, ExportFormat, Reads
from transforms.ingest.formats.written import Choice, Day, Text
from transforms.ingest.formats.written_by_people import SiteName
from transforms.schemas.vocabulary import EVENT_KINDS

DUTCH_KINDS = (
    ("update", "update"),
    ("databreuk", "data_break"),
    ("meetbreuk", "data_break"),
    ("storing", "outage"),
    ("handmatige maatregel", "manual_action"),
    ("handmatige_maatregel", "manual_action"),
    ("handmatige actie", "manual_action"),
    ("handmatige_actie", "manual_action"),
    ("sitewijziging", "site_change"),
    ("wijziging", "site_change"),
    ("linkverwijdering", "link_removal"),
    ("links verwijderd", "link_removal"),
    ("disavow", "disavow"),
    ("herbeoordeling", "reconsideration"),
    ("heroverweging", "reconsideration"),
)
KINDS = (
    *((kind, kind) for kind in EVENT_KINDS),
    *((kind.replace("_", " "), kind) for kind in EVENT_KINDS if "_" in kind),
    *(pair for pair in DUTCH_KINDS if pair[0] not in EVENT_KINDS),
)

BY_THE_TEAM = "noted by the team"


def either_case(*names: str) -> tuple[str, ...]:
    """The names as people type them into a header: in small letters, and with a capital."""
    return tuple(spelt for name in names for spelt in (name, name.capitalize()))


KIND = either_case("kind", "soort")
NAME = either_case("name", "naam")
STARTS = either_case("starts_on", "begint")
DAY = Day(order="iso_or_dashed")

FORMATS = (
    ExportFormat(
        name="event_calendar",
        family="event_calendar",
        title="Penalty Radar event calendar",
        provider="calendar",
        feed="rankings",
        thing="events",
        recognised_by=(KIND, NAME, STARTS),
        columns=(
            Reads(target="event_id", headers=("event_id",), written=Text()),
            Reads(
                target="kind",
                headers=KIND,
                written=Choice(words=KINDS, any_case=True),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="site_domain", headers=("site_domain", *either_case("site")), written=SiteName()),
            Reads(target="name", headers=NAME, written=Text(), is_required=True, is_filled=True),
            Reads(target="starts_on", headers=STARTS, written=DAY, is_required=True, is_filled=True),
            Reads(target="ends_on", headers=either_case("ends_on", "eindigt"), written=DAY),
            Reads(target="scope", headers=either_case("scope", "reikwijdte"), written=Text()),
            Reads(target="source", headers=either_case("source", "bron"), written=Text()),
        ),
        constants={"source": BY_THE_TEAM},
        derived=(
            Derived(target="scope", sql=f"coalesce({{scope}}, {scope_of_name().sql})"),
            event_id(),
        ),
        key=("event_id",),
        days=("starts_on", "ends_on"),
        needs_site=False,
        takes_place=True,
        notes=(
            "Kept by the team (docs/team-files.md), or bundled. An empty or missing site means the site of the folder "
            "the file lies in, and outside such a folder all sites; an empty ends_on means not over or not known. A "
            "missing event_id is worked out from kind, site, first day and name; an update that the bundled calendar "
            "has gets its id there. A new content at the same path takes the place of the former one."
        ),
    ),
)
