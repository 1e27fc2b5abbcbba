-- staging.link_states: what is known of each link on the as_of day, of sites and providers with more than one export.
-- The newest export that holds the link describes it. A link is lost only on evidence: its newest observation says so,
-- or a later export that was declared complete lacks it. A later observation that shows it alive clears the loss. A
-- provider that says lost without a day (Semrush "Lost link" = true) gives the day of its last sight, or else of the
-- export: an earlier day than the true one, never a later one than we knew.
WITH known AS (
  SELECT
    said.*,
    export.file_order
  FROM staging.link_observations AS said
  INNER JOIN staging.known_exports AS export ON said.file_id = export.file_id
  WHERE NOT export.is_only
),

-- One small integer per file orders observations cheaply: an aggregate over it, then a join on two keys.
histories AS (
  SELECT
    link_id,
    site_domain,
    provider,
    max(file_order) AS newest_file_order,
    min(first_seen_on) AS first_seen_on,
    min(observed_on) AS first_observed_on,
    max(observed_on) AS newest_observed_on,
    count(*) AS observation_count
  FROM known
  GROUP BY link_id, site_domain, provider
),

absences AS (
  SELECT
    histories.link_id,
    min(export.observed_on) AS absent_on
  FROM histories
  INNER JOIN staging.known_exports AS export
    ON histories.site_domain = export.site_domain
    AND histories.provider = export.provider
    AND export.observed_on > histories.newest_observed_on
  WHERE export.is_complete
  GROUP BY histories.link_id
)

SELECT
  known.link_id,
  known.site_domain,
  known.provider,
  known.described_in,
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
  histories.first_seen_on,
  known.last_seen_on,
  (coalesce(known.is_lost, FALSE) OR known.lost_on IS NOT NULL OR absences.absent_on IS NOT NULL) AS is_lost,
  CASE
    WHEN known.lost_on IS NOT NULL THEN known.lost_on
    WHEN known.is_lost THEN coalesce(known.last_seen_on, known.observed_on)
    ELSE absences.absent_on
  END AS lost_on,
  known.observed_on,
  histories.first_observed_on,
  CAST(histories.observation_count AS BIGINT) AS observation_count,
  known.merged_count
FROM known
INNER JOIN histories
  ON known.link_id = histories.link_id AND known.file_order = histories.newest_file_order
LEFT JOIN absences ON known.link_id = absences.link_id
