"""What arrived: the ledger of export files, and the rows that could not be read."""

from __future__ import annotations

from transforms.schemas.table import Table, count, date, flag, text, timestamp
from transforms.schemas.vocabulary import CADENCE_SOURCES, CADENCES, FILE_STATUSES, NIGHTLY_FEEDS, SITE_STANDINGS

EXPORT_FILES = Table(
    name="ingest.export_files",
    one_row_per="file content ever seen, per site",
    description="The ledger: the same content twice for one site does nothing.",
    key=("file_id",),
    slice="file",
    columns=(
        text("file_id", "First 16 hex digits of sha256(site_domain + ':' + sha256).", required=True),
        text("path", "Where it was first seen, relative to the exports folder, with / separators.", required=True),
        text("format", "Name of the export format as in docs/sources.md; null when not recognised."),
        text("provider", "Index and report the rows belong to, for example semrush_audit."),
        text("site_domain", "The monitored site; null for events and for files that name no site."),
        text("feed", "Nightly feed that reads it.", allowed=NIGHTLY_FEEDS),
        text("sha256", "Hash of the content, hexadecimal.", required=True),
        count("byte_count", "Size in bytes.", required=True),
        count("row_count", "Records in the file, not lines = loaded + merged + rejected + passed over.", required=True),
        count("loaded_count", "Rows that became observations.", required=True),
        count("merged_count", "Rows that repeated the key of another row of the same file.", required=True),
        count("rejected_count", "Rows that could not be read; each stands in ingest.rejected_rows.", required=True),
        count("passed_over_count", "Rows that are no data of ours (totals, inner links); see reason.", required=True),
        flag("is_truncated", "Cut off by the provider: absence from this file proves nothing."),
        text("truncated_by", "What tells so: a row cap, or a round number of rows."),
        flag("is_complete", "Declared complete, and not cut off: a link it lacks is gone."),
        date("exported_on", "Day of the export, also of files set aside."),
        text(
            "exported_on_source",
            "Where exported_on comes from.",
            allowed=("file_name", "content", "set", "file_modified"),
        ),
        text("site_property", "Search Console property, as the file name tells: a URL prefix, or a whole domain."),
        date("first_day_on", "First day the rows speak of."),
        date("last_day_on", "Last day the rows speak of."),
        text("used_columns", "Header names used, separated by ' | '."),
        text("ignored_columns", "Known header names not needed, separated by ' | '."),
        text("unknown_columns", "Header names the format does not know, separated by ' | '."),
        timestamp("ingested_at", "When it was read (UTC); a stamp of the run, not data.", required=True),
        text("status", "loaded, or set_aside with a reason.", required=True, allowed=FILE_STATUSES),
        text("reason", "Why it was set aside, or what was assumed."),
        text("superseded_by", "File that took its place: rows are kept and no longer counted. Null = in use."),
    ),
)

REJECTED_ROWS = Table(
    name="ingest.rejected_rows",
    one_row_per="row that could not be read",
    description="Nothing is lost without a reason: row, column, value and why.",
    key=("file_id", "row_number", "column_name"),
    slice="file",
    columns=(
        text("file_id", "The file, as in ingest.export_files.", required=True),
        count("row_number", "Record number in the file; the first data record is 1.", required=True),
        text("column_name", "Header name as the file spells it, or '*' for the whole row.", required=True),
        text("value", "What stood there, cut at 200 characters."),
        text("reason", "What was expected.", required=True),
    ),
)

_SITE = text("site_domain", "Registrable domain of the site.", required=True)
_FEED_PROVIDER = text("provider", "Index and report, as in ingest.export_files.", required=True)
_CADENCE = text("cadence", "How often an export comes.", required=True, allowed=CADENCES)
_ALLOWED_DAYS = count(
    "allowed_days", "Days from an export until the feed is stale without another: cadence plus grace.", required=True
)

LISTED_SITES = Table(
    name="ingest.listed_sites",
    one_row_per="site that sites.toml lists or that a loaded export speaks of",
    description=(
        "sites.toml as the last run read it. listed: in the file; inferred: there is no file; faulty: its entry cannot "
        "be used and holds the site back; unlisted: not in the file, so its exports are read and it is not assessed."
    ),
    key=("site_domain",),
    slice="list",
    columns=(
        _SITE,
        text("standing", "Where the site stands.", required=True, allowed=SITE_STANDINGS),
        text("problem", "What is wrong with its entry; null unless faulty."),
        text(
            "owner_group", "The same for sites of one owner, by group and owned_domains; null = sites.toml says none."
        ),
        text("brand_words", "Words by which people name the site, parted by |; null = none given."),
        text("group_name", "Its group, such as one client's; null = none."),
        text("owner", "Who looks after the site; null = nobody is named."),
        text("language", "Language of the site's messages; null = that of the settings."),
        text("time_zone", "Time zone of the site's people; null = that of the settings."),
        text("recipients", "E-mail addresses and channels that get its alerts, parted by |; null = none."),
    ),
)

LISTED_FEEDS = Table(
    name="ingest.listed_feeds",
    one_row_per="site and provider that sites.toml expects exports of",
    description="The feeds of sites.toml as the last run read it.",
    key=("site_domain", "provider"),
    slice="list",
    columns=(_SITE, _FEED_PROVIDER, _CADENCE, _ALLOWED_DAYS),
)

ALLOWED_DOMAINS = Table(
    name="ingest.allowed_domains",
    one_row_per="site and domain that sites.toml allows to link to it",
    description="The allow-list of sites.toml as the last run read it: allowed_domains, and owned_domains as well.",
    key=("site_domain", "allowed_domain"),
    slice="list",
    columns=(
        _SITE,
        text("allowed_domain", "Registrable domain, or host of a platform.", required=True),
        flag("is_owned", "Whether it is the site owner's own (owned_domains).", required=True),
    ),
)

COMPETITORS = Table(
    name="ingest.competitors",
    one_row_per="site and competitor that sites.toml names",
    description="The competitors of sites.toml as the last run read it: what a site's link texts are put beside.",
    key=("site_domain", "competitor_domain"),
    slice="list",
    columns=(_SITE, text("competitor_domain", "Registrable domain of the competitor.", required=True)),
)

FEEDS = Table(
    name="ingest.feeds",
    one_row_per="site and provider of which an export came or is expected",
    description="How often each feed comes and whether it is late on the as_of day. One rule, for checks and people.",
    key=("site_domain", "provider"),
    slice="site",
    columns=(
        _SITE,
        _FEED_PROVIDER,
        _CADENCE,
        text(
            "cadence_source",
            "listed in sites.toml; inferred from the median gap of three exports or more; else assumed weekly.",
            required=True,
            allowed=CADENCE_SOURCES,
        ),
        _ALLOWED_DAYS,
        count("export_count", "Days on which an export was made; 0 = none has come.", required=True),
        date("newest_on", "Day of the newest export; null = none has come."),
        count("age_days", "Days from newest_on to the as_of day; null = none has come."),
        flag("is_stale", "Whether age_days is past allowed_days; false while none has come.", required=True),
    ),
)

TABLES = (EXPORT_FILES, REJECTED_ROWS, LISTED_SITES, LISTED_FEEDS, ALLOWED_DOMAINS, COMPETITORS, FEEDS)
