"""What must be true after the exports have been read."""

from __future__ import annotations

from expectations.check import Check
from expectations.relations import LATEST_FILES

LEDGER = "ingest.export_files"

_LOADED = """
SELECT * FROM ingest.export_files
WHERE status = 'loaded' AND site_domain IS NOT NULL AND (exported_on IS NULL OR exported_on <= $as_of)
"""

_RECORDED = f"""
SELECT f.*, coalesce(r.recorded_count, 0) AS recorded_count
FROM ({_LOADED}) AS f
LEFT JOIN (
  SELECT file_id, count(DISTINCT row_number) AS recorded_count FROM ingest.rejected_rows GROUP BY file_id
) AS r USING (file_id)
"""  # noqa: S608 - declared text only

_LATEST_FEEDS = f"""
SELECT site_domain, provider, exported_on, sum(row_count) AS row_count, sum(rejected_count) AS rejected_count,
  sum(rejected_count) / nullif(sum(row_count), 0) AS rejected_share
FROM ({LATEST_FILES}) AS f
GROUP BY site_domain, provider, exported_on
"""  # noqa: S608 - declared text only

# The day of the last modification may be any day after the export's own: such a file is looked at on every night.
_SET_ASIDE = """
SELECT *, status = 'set_aside' AND superseded_by IS NULL AND coalesce(exported_on, $as_of) > $as_of - 30 AS is_set_aside
FROM ingest.export_files
WHERE site_domain IS NOT NULL AND (
  exported_on IS NULL OR exported_on <= $as_of OR (status = 'set_aside' AND exported_on_source = 'file_modified')
)
"""

_UNDATED = """
SELECT f.*, coalesce(
  f.exported_on_source = 'file_modified' AND f.exported_on > $as_of AND f.exported_on > coalesce(d.newest_on, $as_of),
  FALSE
) AS is_later
FROM ingest.export_files AS f
LEFT JOIN (
  SELECT site_domain, max(exported_on) AS newest_on
  FROM ingest.export_files
  WHERE status = 'loaded' AND exported_on_source <> 'file_modified'
  GROUP BY site_domain
) AS d USING (site_domain)
WHERE f.status = 'loaded' AND f.superseded_by IS NULL AND f.site_domain IS NOT NULL
"""

# One row per site, provider and format: rows of its newest export beside those of the exports before it. Exports of
# several files (one per table of Search Console) are summed by day. Rows per day the export covers stand beside the
# total: rankings and clicks are kept per day, so an export of fewer days is small and loses nothing. A link export is
# a picture of the whole index, whatever days its links speak of. Lists that the team keeps itself may get shorter.
_SIZES = """
SELECT site_domain, provider, format, exported_on, file_count, usual_file_count, newest_count, previous_count,
  usual_count, earlier_exports, covered_days, newest_per_day, usual_per_day,
  feed IS NOT DISTINCT FROM 'backlinks' AS is_snapshot
FROM (
  SELECT *, loaded_count AS newest_count,
    lag(loaded_count) OVER days AS previous_count,
    median(loaded_count) OVER (days ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) AS usual_count,
    loaded_count / covered_days AS newest_per_day,
    median(loaded_count / covered_days) OVER (days ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) AS usual_per_day,
    median(file_count) OVER (days ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) AS usual_file_count,
    count(*) OVER (days ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) AS earlier_exports
  FROM (
    SELECT site_domain, provider, format, max(feed) AS feed, exported_on, count(*) AS file_count,
      sum(loaded_count + merged_count) AS loaded_count,
      date_diff('day', min(first_day_on), max(last_day_on)) + 1 AS covered_days
    FROM ingest.export_files
    WHERE status = 'loaded' AND superseded_by IS NULL AND site_domain IS NOT NULL AND exported_on <= $as_of
      AND provider NOT IN ('calendar', 'placements', 'labels', 'decisions')
    GROUP BY site_domain, provider, format, exported_on
  ) AS daily
  WINDOW days AS (PARTITION BY site_domain, provider, format ORDER BY exported_on)
) AS sized
QUALIFY exported_on = max(exported_on) OVER (PARTITION BY site_domain, provider, format)
"""

_KNOWN = (
    "SELECT * FROM ingest.export_files WHERE status = 'loaded' AND site_domain IS NOT NULL AND exported_on <= $as_of"
)

CHECKS = (
    Check(
        name="exports_loaded",
        table=LEDGER,
        severity="minimum",
        scope="warehouse",
        rows=_KNOWN,
        measure="count(*)",
        least=1,
        reason="Without a single export known on the day there is nothing to assess; an empty report would look calm.",
    ),
    Check(
        name="rows_accounted_for",
        table=LEDGER,
        severity="minimum",
        rows=_LOADED,
        bad_row="row_count <> loaded_count + merged_count + rejected_count + passed_over_count",
        reason="No row may be lost without a reason; one unaccounted row means the reader is wrong.",
    ),
    Check(
        name="rejected_rows_recorded",
        table=LEDGER,
        severity="minimum",
        rows=_RECORDED,
        bad_row="recorded_count <> rejected_count",
        reason="Every rejected row stands with its reason in ingest.rejected_rows, or nobody can mend it.",
    ),
    Check(
        name="rejected_share",
        table=LEDGER,
        severity="minimum",
        rows=_LATEST_FEEDS,
        bad_row="rejected_count >= 5 AND rejected_share > 0.2",
        reason=(
            "Past a fifth of an export unread, the format has changed and counts mean nothing. Fewer than five rows "
            "are a slip in a small table, not a change of format."
        ),
    ),
    Check(
        name="rejected_share_low",
        table=LEDGER,
        severity="maximum",
        rows=_LATEST_FEEDS,
        measure="max(rejected_share)",
        bad_row="rejected_share > 0.01",
        most=0.01,
        reason="Exports that providers write themselves are read almost whole; one row in a hundred deserves a look.",
    ),
    Check(
        name="files_set_aside",
        table=LEDGER,
        severity="maximum",
        rows=_SET_ASIDE,
        bad_row="is_set_aside",
        reason="Somebody meant every file to be read. After 30 days (by the day of its export) it is no longer news.",
    ),
    Check(
        name="undated_files_used",
        table=LEDGER,
        severity="maximum",
        rows=_UNDATED,
        bad_row="is_later",
        reason=(
            "An export without a day, last modified after the night and after every dated export of its site, is in "
            "no assessment, and nobody would notice: its name needs the day of the export."
        ),
    ),
    Check(
        name="columns_known",
        table=LEDGER,
        severity="maximum",
        rows=LATEST_FILES,
        bad_row="unknown_columns <> ''",
        reason="A column nobody knows is how a provider announces a new format.",
    ),
    Check(
        name="export_is_complete",
        table=LEDGER,
        severity="maximum",
        rows=LATEST_FILES,
        bad_row="is_truncated",
        reason="At a row cap the missing rows are unknown: counts are a lower bound and losses cannot be seen.",
    ),
    Check(
        name="feed_is_fresh",
        table="ingest.feeds",
        severity="maximum",
        bad_row="is_stale",
        reason="Past its cadence and grace a feed has fallen silent: what lies after its newest export is unknown.",
    ),
    Check(
        name="site_entry_usable",
        table="ingest.listed_sites",
        severity="minimum",
        bad_row="standing = 'faulty'",
        reason="What sites.toml says of a site cannot be used, so what would be said of the site could be wrong.",
    ),
    Check(
        name="export_size_steady",
        table=LEDGER,
        severity="maximum",
        rows=_SIZES,
        bad_row=(
            "greatest(newest_count, previous_count) >= 100 "
            "AND NOT (newest_count BETWEEN 0.5 * previous_count AND 2 * previous_count)"
        ),
        reason=(
            "An index does not halve or double between two exports; more often a filter was set. "
            "Under 100 rows a factor of two is ordinary."
        ),
    ),
    Check(
        name="export_not_collapsed",
        table=LEDGER,
        severity="minimum",
        rows=_SIZES,
        bad_row=(
            "earlier_exports >= 3 AND usual_count >= 100 AND newest_count < 0.2 * usual_count "
            "AND file_count >= usual_file_count "
            "AND (is_snapshot OR newest_per_day < 0.2 * usual_per_day)"
        ),
        reason=(
            "Less than a fifth of what the last exports (up to five, at least three, so that a first load or a "
            "backfill cannot trip it) usually held is half a delivery: links would look lost and rankings gone. "
            "If the feed really shrank, the median follows after three exports. Fewer files than usual (one market "
            "of several) explain a small total, and so do fewer days where rows are kept per day: rankings and clicks "
            "must have collapsed per day covered as well. export_size_steady warns of those."
        ),
    ),
)
