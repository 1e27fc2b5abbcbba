-- signals.link_series: the span of each series. It ends on the day of its newest export; beyond lies the unknown.
WITH exports AS (
  SELECT DISTINCT
    observations.site_domain,
    observations.provider,
    observations.observed_on,
    coalesce(files.is_truncated, FALSE) AS is_truncated
  FROM staging.link_observations AS observations
  LEFT JOIN ingest.export_files AS files ON observations.file_id = files.file_id
  WHERE observations.observed_on <= $as_of AND files.superseded_by IS NULL
),

export_spans AS (
  SELECT
    site_domain,
    provider,
    max(observed_on) AS ends_on,
    count(DISTINCT observed_on) AS export_count
  FROM exports
  GROUP BY site_domain, provider
),

newest AS (
  SELECT exports.site_domain, exports.provider, bool_or(exports.is_truncated) AS is_truncated
  FROM exports
  INNER JOIN export_spans
    ON exports.site_domain = export_spans.site_domain
    AND exports.provider = export_spans.provider
    AND exports.observed_on = export_spans.ends_on
  GROUP BY exports.site_domain, exports.provider
),

link_spans AS (
  SELECT
    site_domain,
    provider,
    min(first_seen_on) AS starts_on,
    count(*) AS link_count,
    count(DISTINCT source_domain) AS domain_count,
    CAST(count(first_seen_on) AS DOUBLE) / count(*) AS dated_share,
    least(min(last_seen_on), min(lost_on)) AS loss_horizon_on
  FROM staging.links
  GROUP BY site_domain, provider
)

SELECT
  link_spans.site_domain,
  link_spans.provider,
  link_spans.starts_on,
  export_spans.ends_on,
  newest.is_truncated,
  CAST(export_spans.export_count AS BIGINT) AS export_count,
  CAST(link_spans.link_count AS BIGINT) AS link_count,
  CAST(link_spans.domain_count AS BIGINT) AS domain_count,
  link_spans.dated_share,
  link_spans.loss_horizon_on
FROM link_spans
INNER JOIN export_spans
  ON link_spans.site_domain = export_spans.site_domain AND link_spans.provider = export_spans.provider
INNER JOIN newest
  ON link_spans.site_domain = newest.site_domain AND link_spans.provider = newest.provider
