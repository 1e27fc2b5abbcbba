"""One vocabulary for all providers.

Two kinds of table. ``*_observations`` hold what each export file said, for ever (written with the file).
Their namesakes without the suffix say what was known on the ``as_of`` day of the last run (replaced per site).
"""

from __future__ import annotations

import dataclasses

from transforms.schemas import arrived
from transforms.schemas.arrived import EVENTS, LINK_FIELDS, OUTLINKS, PERFORMANCE, RANKINGS
from transforms.schemas.table import Column, Table, count, date, flag, text
from transforms.schemas.vocabulary import ALERT_STATUSES, LABEL_ORIGINS, LABEL_SUBJECTS

FILE_ID = text("file_id", "The export file, as in ingest.export_files.", required=True)
SITE = text("site_domain", "Registrable domain of the monitored site.", required=True)
PROVIDER = text("provider", "Index and report, for example ahrefs_backlinks; never mixed in one series.", required=True)
OBSERVED = date("observed_on", "Day of the export: when we knew.", required=True)
MERGED = count("merged_count", "Further rows of the same export that share the key.", required=True)


def _fields(arrived: Table, *without: str) -> tuple[Column, ...]:
    left_out = {"row_number", *without}
    return tuple(column for column in arrived.columns if column.name not in left_out)


LINK_ID = text("link_id", "Id of the link: the same in every export of the provider.", required=True)
_LINK_NUMBER = arrived.LINK_ID
SOURCE_DOMAIN = text("source_domain", "Registrable domain of the linking page: the referring domain.", required=True)
TARGET_DOMAIN = text("target_domain", "Registrable domain linked to.", required=True)

LINK_TEXTS = (
    "source_url",
    "target_url",
    "anchor_text",
    "source_title",
    "left_context",
    "right_context",
    "source_language",
    "link_type",
    "redirect_urls",
)
"""What of a link is long and hardly ever changes: written once, with the observation that first said so."""

_LINK_FIELDS = tuple(column for column in LINK_FIELDS if column.name != "target_host")
_TEXTS = tuple(dataclasses.replace(column, required=False) for column in LINK_FIELDS if column.name in LINK_TEXTS)
_MEASURES = tuple(column for column in _LINK_FIELDS if column.name not in {*LINK_TEXTS, "source_host"})
_DESCRIBED_IN = text(
    "described_in", "File whose observation of the link holds its texts; may be this one.", required=True
)

HOSTS = Table(
    name="staging.hosts",
    one_row_per="linking host, as exports spell it",
    description="Hosts of linking pages and their registrable domains, by the list in use at first sight.",
    key=("host_id",),
    slice="log",
    columns=(
        count("host_id", "As in staging.link_observations.", required=True),
        text("host", "Lower case, IDNA, without port, user or trailing dot.", required=True),
        text(
            "domain", "Registrable domain by the public suffix list; the host itself for an IP address.", required=True
        ),
    ),
)

LINK_OBSERVATIONS = Table(
    name="staging.link_observations",
    one_row_per="link and export file",
    description=(
        "What each export said of each link. Texts are null where an earlier file said the same: they stand in the "
        "observation of the same link in described_in. staging.links has them all."
    ),
    key=("link_id", "file_id"),
    slice="file",
    columns=(
        _LINK_NUMBER,
        FILE_ID,
        SITE,
        PROVIDER,
        _DESCRIBED_IN,
        arrived.SOURCE_HOST_ID,
        arrived.TEXT_HASH,
        *_TEXTS,
        *_MEASURES,
        OBSERVED,
        MERGED,
    ),
)

KNOWN_EXPORTS = Table(
    name="staging.known_exports",
    one_row_per="export file of links that counts on the as_of day",
    description="In the order in which they were made; files that another one took the place of are not there.",
    key=("file_id",),
    slice="site",
    columns=(
        FILE_ID,
        SITE,
        PROVIDER,
        OBSERVED,
        count("file_order", "Place among the exports of all sites, 1 is the oldest.", required=True),
        flag("is_complete", "Declared complete: a link it lacks is gone.", required=True),
        flag("is_only", "No other export of this site and provider was ever loaded.", required=True),
    ),
)

_FIRST_OBSERVED = date(
    "first_observed_on", "Day of the first export that held the link: our own knowledge.", required=True
)
_OBSERVATION_COUNT = count("observation_count", "Exports that held the link.", required=True)

LINK_STATES = Table(
    name="staging.link_states",
    one_row_per="link of a site and provider with more than one export",
    description=(
        "What is known of such a link on the as_of day, but for its texts, which stand in described_in. Of a site and "
        "provider with one export the observation says all there is to say."
    ),
    key=("link_id",),
    slice="site",
    columns=(
        _LINK_NUMBER,
        SITE,
        PROVIDER,
        _DESCRIBED_IN,
        *_MEASURES,
        OBSERVED,
        _FIRST_OBSERVED,
        _OBSERVATION_COUNT,
        MERGED,
    ),
)

EXPORT_REACH = Table(
    name="staging.export_reach",
    one_row_per="export file of links that counts on the as_of day",
    description=(
        "How far back an export shows what is gone. Providers drop links that they have not seen for long, so an "
        "export lists survivors: of days further back than this, fewer links are left than there were."
    ),
    key=("file_id",),
    slice="site",
    columns=(
        FILE_ID,
        SITE,
        PROVIDER,
        OBSERVED,
        count("link_count", "Links it lists.", required=True),
        count("lost_count", "Of these, links that the provider says are gone.", required=True),
        count("lost_reach_days", "Days from its oldest lost link to the export; null = it lists none with a day."),
        count("last_seen_reach_days", "Days from its oldest last sight to the export; null = it has no such days."),
        count(
            "provider_lost_reach_days",
            "Most lost_reach_days of the provider, over exports of all sites that are large enough to tell.",
        ),
        count("provider_last_seen_reach_days", "Most last_seen_reach_days of the provider, likewise."),
    ),
)

LINKS = Table(
    name="staging.links",
    one_row_per="site, provider, source URL and target URL",
    description=(
        "Every link known on the as_of day, as its newest observation describes it. first_seen_on is the earliest the "
        "provider ever gave; lost_on is set only on evidence: the provider says lost, or a complete export lacks it."
    ),
    key=("link_id",),
    slice="view",
    columns=(
        LINK_ID,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        *_LINK_FIELDS,
        count("link_number", "The link's id as a number, which joins faster."),
        dataclasses.replace(arrived.TEXT_HASH, required=False),
        OBSERVED,
        _FIRST_OBSERVED,
        _OBSERVATION_COUNT,
        MERGED,
    ),
)

OUTLINK_OBSERVATIONS = Table(
    name="staging.outlink_observations",
    one_row_per="outgoing link and export file",
    description="What each export said of links from the site to elsewhere.",
    key=("file_id", "source_url", "target_url"),
    slice="file",
    columns=(FILE_ID, SITE, PROVIDER, *_fields(OUTLINKS), TARGET_DOMAIN, OBSERVED, MERGED),
)

OUTLINKS_KNOWN = Table(
    name="staging.outlinks",
    one_row_per="link from the site to elsewhere",
    description="Outgoing links known on the as_of day.",
    key=("site_domain", "provider", "source_url", "target_url"),
    slice="site",
    columns=(SITE, PROVIDER, *_fields(OUTLINKS), TARGET_DOMAIN, OBSERVED, MERGED),
)

TRACKED_DEPTH = count("tracked_depth", "Deepest position the tracker looks at; beyond it a position is censored.")

RANKING_OBSERVATIONS = Table(
    name="staging.ranking_observations",
    one_row_per="site, keyword, device, country, provider, day and export file",
    description="What each export said of each position.",
    key=("file_id", "keyword", "device", "country", "ranked_on"),
    slice="file",
    columns=(FILE_ID, SITE, PROVIDER, *_fields(RANKINGS), TRACKED_DEPTH, OBSERVED, MERGED),
)

RANKINGS_KNOWN = Table(
    name="staging.rankings",
    one_row_per="site, keyword, device, country, provider and day",
    description="Positions known on the as_of day; the newest export wins. Null = not ranked within tracked_depth.",
    key=("site_domain", "keyword", "device", "country", "provider", "ranked_on"),
    slice="site",
    columns=(SITE, PROVIDER, *_fields(RANKINGS), TRACKED_DEPTH, OBSERVED, MERGED),
)

DIMENSIONS = ("dimension_set", "query", "page_url", "device", "country", "appearance")

PERFORMANCE_OBSERVATIONS = Table(
    name="staging.performance_observations",
    one_row_per="dimension set and values, day or period, and export file",
    description="What each export said of search performance, daily rows and totals of a period alike.",
    key=("file_id", *DIMENSIONS, "performed_on", "starts_on", "ends_on", "period_name"),
    slice="file",
    columns=(FILE_ID, SITE, PROVIDER, *_fields(PERFORMANCE, "position_sum"), OBSERVED, MERGED),
)

SEARCH_PERFORMANCE = Table(
    name="staging.search_performance",
    one_row_per="site, provider, dimension set and values, and day",
    description="Daily search performance known on the as_of day; revisions win. Never summed across dimension sets.",
    key=("site_domain", "provider", *DIMENSIONS, "performed_on"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        *_fields(PERFORMANCE, "starts_on", "ends_on", "period_name", "position_sum"),
        OBSERVED,
        MERGED,
    ),
)

SEARCH_PERFORMANCE_PERIODS = Table(
    name="staging.search_performance_periods",
    one_row_per="site, provider, dimension set and values, and period",
    description="Totals of a period (query and page tables of an export), known on the as_of day.",
    key=("site_domain", "provider", *DIMENSIONS, "starts_on", "ends_on", "period_name"),
    slice="site",
    columns=(SITE, PROVIDER, *_fields(PERFORMANCE, "performed_on", "position_sum"), OBSERVED, MERGED),
)

EVENT_FILE = text("file_id", "The file that states the event.", required=True)

EVENT_OBSERVATIONS = Table(
    name="staging.event_observations",
    one_row_per="event and file",
    description="What each calendar or note said of each event.",
    key=("event_id", "file_id"),
    slice="file",
    columns=(EVENT_FILE, *_fields(EVENTS), OBSERVED),
)

SEARCH_EVENTS = Table(
    name="staging.search_events",
    one_row_per="event",
    description="Updates, data breaks and team notes that had begun by the as_of day; ends later than it are null.",
    key=("event_id",),
    slice="site",
    columns=_fields(EVENTS),
)

PLANNED_EVENTS = Table(
    name="staging.planned_events",
    one_row_per="event to come",
    description=(
        "Events that begin after the as_of day, as calendars written by that day name them: a plan is known from the "
        "day it was written down."
    ),
    key=("event_id",),
    slice="site",
    columns=_fields(EVENTS),
)

KNOWN_DAYS = Table(
    name="staging.known_days",
    one_row_per="site",
    description="The as_of day that the tables without one (staging, signals) of a site stand at.",
    key=("site_domain",),
    slice="site",
    columns=(SITE, date("as_of", "Day of the run that last made them.", required=True)),
)

# ---- lists that say less than links and rankings ----


def _pair(
    thing: str,
    observations: str,
    arrived: Table,
    one_row_per: str,
    description: str,
    key: tuple[str, ...],
    *,
    without: tuple[str, ...] = (),
    beside: tuple[Column, ...] = (),
) -> tuple[Table, Table]:
    """What each export said of a thing, and what is known of it on the ``as_of`` day."""
    columns = (SITE, PROVIDER, *_fields(arrived, *without), *beside, OBSERVED, MERGED)
    said = Table(
        name=f"staging.{observations}",
        one_row_per=f"{one_row_per} and export file",
        description=f"What each export said. {description}",
        key=("file_id", *key),
        slice="file",
        columns=(FILE_ID, *columns),
    )
    known = Table(
        name=f"staging.{thing}",
        one_row_per=f"site, provider and {one_row_per}",
        description=f"Known on the as_of day. {description}",
        key=("site_domain", "provider", *key),
        slice="site",
        columns=columns,
    )
    return said, known


REPORTED = (
    *_pair(
        "referring_domains",
        "referring_domain_observations",
        arrived.REFERRING_DOMAINS,
        "referring domain",
        arrived.REFERRING_DOMAINS.description,
        ("source_host",),
        without=("source_address",),
        beside=(SOURCE_DOMAIN,),
    ),
    *_pair(
        "linked_domains",
        "linked_domain_observations",
        arrived.LINKED_DOMAINS,
        "domain linked to",
        arrived.LINKED_DOMAINS.description,
        ("target_host",),
        without=("target_address",),
        beside=(TARGET_DOMAIN,),
    ),
    *_pair(
        "referring_networks",
        "referring_network_observations",
        arrived.REFERRING_NETWORKS,
        "subnet",
        arrived.REFERRING_NETWORKS.description,
        ("subnet",),
    ),
    *_pair(
        "linking_pages",
        "linking_page_observations",
        arrived.LINKING_PAGES,
        "linking page",
        "Pages of the site itself (internal links) have source_domain = site_domain. "
        + arrived.LINKING_PAGES.description,
        ("source_url",),
        beside=(SOURCE_DOMAIN,),
    ),
    *_pair(
        "target_pages",
        "target_page_observations",
        arrived.TARGET_PAGES,
        "report and page",
        arrived.TARGET_PAGES.description,
        ("report", "page_url"),
    ),
    *_pair(
        "anchor_texts",
        "anchor_text_observations",
        arrived.ANCHOR_TEXTS,
        "link text",
        arrived.ANCHOR_TEXTS.description,
        ("anchor_text",),
    ),
    *_pair(
        "disavow_entries",
        "disavow_entry_observations",
        arrived.DISAVOW_ENTRIES,
        "disavowed domain or address",
        arrived.DISAVOW_ENTRIES.description,
        ("entry_kind", "entry"),
        beside=(count("row_number", "Record number in the file, comments counted: its order.", required=True),),
    ),
    *_pair(
        "placements",
        "placement_observations",
        arrived.PLACEMENTS,
        "page and target",
        arrived.PLACEMENTS.description,
        ("source_url", "target_url"),
        beside=(SOURCE_DOMAIN,),
    ),
    *_pair(
        "visibility_index",
        "visibility_index_observations",
        arrived.VISIBILITY,
        "metric, country, device and day",
        arrived.VISIBILITY.description,
        ("metric", "country", "device", "measured_on"),
    ),
)

_LABEL_FIELDS = (
    text("site_domain", "Registrable domain of the monitored site; null = all sites."),
    text(
        "subject_kind",
        "What is judged: a page that links, or a domain or host with all its pages.",
        required=True,
        allowed=LABEL_SUBJECTS,
    ),
    text("subject_key", "The subject without scheme, www., trailing slash and fragment.", required=True),
    text("subject_domain", "Its registrable domain.", required=True),
    text("subject", "The link or domain as written.", required=True),
    text("origin", "Origin given, or allowed: on the allow-list.", required=True, allowed=LABEL_ORIGINS),
    text("labelled_by", "Who."),
    date("labelled_on", "When; null = not said."),
    text("note", "Why."),
    date("observed_on", "Day on which it was judged; where nobody says, that of the file.", required=True),
)

LABEL_OBSERVATIONS = Table(
    name="staging.label_observations",
    one_row_per="judgement and file",
    description="What each list of the team says of links and domains; judgements that contradict each other are kept.",
    key=("file_id", "row_number"),
    slice="file",
    columns=(FILE_ID, count("row_number", "Record number in the file.", required=True), *_LABEL_FIELDS, MERGED),
)

LABELS = Table(
    name="staging.labels",
    one_row_per="site and link or domain a person judged",
    description=(
        "Judgements of people known on the as_of day. Of several about one link or domain the newest day counts, then "
        "the later row; the allow-list comes before all."
    ),
    key=("site_domain", "subject_kind", "subject_key"),
    slice="site",
    columns=(
        *_LABEL_FIELDS,
        count("contradiction_count", "Judgements of the same subject that say otherwise.", required=True),
    ),
)

DECISION_OBSERVATIONS = Table(
    name="staging.decision_observations",
    one_row_per="decision about an alert and file",
    description="What each decisions.csv of the team says of alerts; the next run takes it over (reports.decisions).",
    key=("file_id", "row_number"),
    slice="file",
    columns=(
        FILE_ID,
        count("row_number", "Record number in the file.", required=True),
        text("alert_id", "The alert, as in reports.alerts.", required=True),
        text("status", "What was decided.", required=True, allowed=ALERT_STATUSES),
        text("decided_by", "Who."),
        date("decided_on", "When; where nobody says, the day of the file.", required=True),
        text("note", "Why."),
        OBSERVED,
        MERGED,
    ),
)

TABLES = (
    HOSTS,
    LINK_OBSERVATIONS,
    KNOWN_EXPORTS,
    LINK_STATES,
    EXPORT_REACH,
    LINKS,
    OUTLINK_OBSERVATIONS,
    OUTLINKS_KNOWN,
    RANKING_OBSERVATIONS,
    RANKINGS_KNOWN,
    PERFORMANCE_OBSERVATIONS,
    SEARCH_PERFORMANCE,
    SEARCH_PERFORMANCE_PERIODS,
    EVENT_OBSERVATIONS,
    SEARCH_EVENTS,
    PLANNED_EVENTS,
    KNOWN_DAYS,
    *REPORTED,
    LABEL_OBSERVATIONS,
    LABELS,
    DECISION_OBSERVATIONS,
)
