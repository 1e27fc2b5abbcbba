-- staging.links: every link known on the as_of day, as its newest observation describes it.
-- Newest = latest observed_on, then last path, then largest file_id, so that the order of rows and of loading does not
-- matter. Files that another one has taken the place of (superseded_by) are not looked at.
-- A link is lost only when its newest observation says so (no export is declared complete yet): a later observation
-- that shows it alive clears the loss. A provider that says lost without a day (Semrush "Lost link" = true) gives the
-- day of its last sight, or else of the export: an earlier day than the true one, never a later one than we knew.
WITH known AS (
  SELECT *
  FROM staging.link_observations
  WHERE observed_on <= $as_of
),

-- One small integer per file orders observations cheaply: an aggregate over it, then a join on two keys, never sorts
-- the wide rows.
files AS (
  SELECT
    distinct_files.file_id,
    row_number() OVER (
      ORDER BY distinct_files.observed_on, coalesce(ledger.path, ''), distinct_files.file_id
    ) AS file_order
  FROM (SELECT DISTINCT file_id, observed_on FROM known) AS distinct_files
  LEFT JOIN ingest.export_files AS ledger ON distinct_files.file_id = ledger.file_id
  WHERE ledger.superseded_by IS NULL
),

histories AS (
  SELECT
    known.link_id,
    max(files.file_order) AS newest_file_order,
    min(known.first_seen_on) AS first_seen_on,
    min(known.observed_on) AS first_observed_on,
    count(*) AS observation_count
  FROM known
  INNER JOIN files ON known.file_id = files.file_id
  GROUP BY known.link_id
)

SELECT
  known.link_id,
  known.site_domain,
  known.provider,
  known.source_domain,
  known.source_url,
  known.source_host,
  known.target_url,
  known.anchor_text,
  known.source_title,
  known.left_context,
  known.right_context,
  known.is_nofollow,
  known.is_sponsored,
  known.is_ugc,
  known.is_image,
  known.is_sitewide,
  known.is_spam_by_provider,
  known.source_authority,
  known.page_authority,
  known.source_traffic,
  known.provider_score,
  known.external_link_count,
  known.source_language,
  known.link_type,
  known.redirect_urls,
  histories.first_seen_on,
  known.last_seen_on,
  (coalesce(known.is_lost, FALSE) OR known.lost_on IS NOT NULL) AS is_lost,
  CASE
    WHEN known.lost_on IS NOT NULL THEN known.lost_on
    WHEN known.is_lost THEN coalesce(known.last_seen_on, known.observed_on)
  END AS lost_on,
  known.observed_on,
  histories.first_observed_on,
  CAST(histories.observation_count AS BIGINT) AS observation_count,
  known.merged_count
FROM known
INNER JOIN files ON known.file_id = files.file_id
INNER JOIN histories
  ON known.link_id = histories.link_id AND files.file_order = histories.newest_file_order
