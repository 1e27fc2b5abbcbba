"""Lists of search updates: the incidents of the search status dashboard, and lists that people typed over from it."""

from __future__ import annotations

import re

from transforms.ingest.formats.event_identity import OUTAGE_SCOPE, event_id, scope_of_name
from transforms.ingest.formats.format import Derived, ExportFormat, PassesOver, Reads
from transforms.ingest.formats.written import Choice, Day, Text
from transforms.ingest.formats.written_by_people import Duration

SERVICES = (("Ranking", "update"), ("Serving", "outage"), ("Crawling", "outage"), ("Indexing", "outage"))
"""What the dashboard's services speak of. A ranking incident whose name is no update is an outage as well."""

NO_UPDATES = ("policy", "qrg", "product", "schema", "cwv")
"""Kinds of a list that are announcements (policy, rater guidelines, products, markup, page metrics)."""

STATUS_PAGE = "https://status.search.google.com/"
TYPED_OVER = "a list of search updates"

SCOPE_WORDS = (
    ("core", "core"),
    ("core+spam", "core"),
    ("spam", "spam"),
    ("link spam", "link_spam"),
    ("link-spam", "link_spam"),
    ("reviews", "reviews"),
    ("product reviews", "reviews"),
    ("helpful content", "helpful_content"),
    ("helpful-content", "helpful_content"),
    ("page experience", "page_experience"),
    ("page-experience", "page_experience"),
    ("discover", "discover"),
)
"""What lists call the scope of an update, and ours; also with the word update behind it."""

OUTAGE_WORDS = tuple((word, OUTAGE_SCOPE) for word in ("issue", "outage", "incident"))

FORMATS = (
    ExportFormat(
        name="search_status_incidents",
        family="search_status_incidents",
        title="Search status dashboard: incidents (JSON)",
        provider="search_status",
        feed="rankings",
        thing="events",
        recognised_by=(("external_desc",), ("service_name",), ("begin",), ("status_impact",)),
        columns=(
            Reads(target="name", headers=("external_desc",), written=Text(), is_required=True, is_filled=True),
            Reads(
                target="kind",
                headers=("service_name",),
                written=Choice(words=SERVICES),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="starts_on", headers=("begin",), written=Day(), is_required=True, is_filled=True),
            Reads(target="ends_on", headers=("end",), written=Day()),
            Reads(target="source", headers=("uri",), written=Text()),
        ),
        derived=(
            Derived(
                target="scope",
                sql=f"CASE WHEN {{kind}} = 'update' AND contains(lower({{name}}), 'update') THEN NULL "
                f"WHEN {{kind}} = 'update' THEN '{OUTAGE_SCOPE}' ELSE 'other services' END",
            ),
            Derived(
                target="kind",
                sql="CASE WHEN {kind} = 'update' AND NOT contains(lower({name}), 'update') THEN 'outage' "
                "ELSE {kind} END",
            ),
            scope_of_name(),
            Derived(target="source", sql=f"concat('{STATUS_PAGE}', {{source}})"),
            event_id(),
        ),
        key=("event_id",),
        ignored=(
            "id",
            "number",
            "created",
            "modified",
            "updates",
            "status_impact",
            "severity",
            "service_key",
            "affected_products",
        ),
        ignored_pattern=re.compile(r"(updates|most_recent_update|affected_products)(\..+)?"),
        days=("starts_on", "ends_on"),
        needs_site=False,
        notes=(
            "Ranking incidents whose name speaks of an update are updates; other ranking incidents, and those of "
            "serving, crawling and indexing, are outages. The dashboard gives its ten newest incidents only. Updates "
            "that the bundled calendar has are the same event (same kind, scope and first day, or the same name)."
        ),
    ),
    ExportFormat(
        name="search_update_list",
        family="search_update_list",
        title="List of search updates (name, first day, kind; CSV or JSON)",
        provider="search_update_list",
        feed="rankings",
        thing="events",
        recognised_by=(("name",), ("start", "date"), ("kind", "update_type")),
        knows_all=True,
        columns=(
            Reads(target="name", headers=("name",), written=Text(), is_required=True, is_filled=True),
            Reads(target="starts_on", headers=("start", "date"), written=Day(), is_required=True, is_filled=True),
            Reads(target="ends_on", headers=("duration_verbatim", "duration"), written=Duration()),
            Reads(
                target="scope",
                headers=("kind", "update_type"),
                written=Choice(
                    words=(*SCOPE_WORDS, *((f"{word} update", ours) for word, ours in SCOPE_WORDS), *OUTAGE_WORDS),
                    any_case=True,
                ),
                is_required=True,
                is_filled=True,
            ),
            Reads(target="source", headers=("source",), written=Text()),
        ),
        constants={"source": TYPED_OVER},
        derived=(
            Derived(target="ends_on", sql="CAST({starts_on} + CAST({ends_on} AS INTEGER) AS DATE)"),
            Derived(target="kind", sql=f"CASE WHEN {{scope}} = '{OUTAGE_SCOPE}' THEN 'outage' ELSE 'update' END"),
            scope_of_name(),
            event_id(),
        ),
        key=("event_id",),
        ignored=("notes",),
        passes_over=(
            PassesOver(
                headers=("kind", "update_type"),
                words=NO_UPDATES,
                keeps=False,
                because="announcements (policy, rater guidelines, products, markup, metrics), no updates",
            ),
        ),
        days=("starts_on",),
        needs_site=False,
        notes=(
            "The last day is the first day plus the whole days of the duration, and one more from eight further hours "
            "on; without a duration it is not known. Kind `issue` is an outage. Updates that the bundled calendar has "
            "are the same event."
        ),
    ),
)
