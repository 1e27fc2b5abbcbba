-- signals.link_series: the span of each series, and the part of it whose days exports list whole. It ends on the day of
-- its newest export; beyond lies the unknown.
WITH exports AS (
  SELECT
    observations.site_domain,
    observations.provider,
    observations.observed_on,
    bool_or(coalesce(files.is_truncated, FALSE)) AS is_truncated,
    min(observations.first_seen_on) AS begins_on
  FROM staging.link_observations AS observations
  LEFT JOIN ingest.export_files AS files ON observations.file_id = files.file_id
  WHERE observations.observed_on <= $as_of AND files.superseded_by IS NULL
  GROUP BY observations.site_domain, observations.provider, observations.observed_on
),

export_spans AS (
  SELECT
    site_domain,
    provider,
    max(observed_on) AS ends_on,
    max_by(is_truncated, observed_on) AS is_truncated,
    count(*) AS export_count
  FROM exports
  GROUP BY site_domain, provider
),

link_spans AS (
  SELECT
    site_domain,
    provider,
    min(first_seen_on) AS starts_on,
    count(*) AS link_count,
    count(DISTINCT source_domain) AS domain_count,
    CAST(count(first_seen_on) AS DOUBLE) / count(*) AS dated_share,
    least(min(CASE WHEN lost_on IS NULL THEN last_seen_on END), min(lost_on)) AS loss_horizon_on
  FROM staging.links
  GROUP BY site_domain, provider
),

-- Links known of the series by day of first sight, and two marks per export: where its own list begins, where it ends.
marks AS (
  SELECT site_domain, provider, first_seen_on AS day, 1 AS mark, count(*) AS link_count, CAST(NULL AS DATE) AS observed_on
  FROM staging.links
  WHERE first_seen_on IS NOT NULL AND lost_on IS NULL
  GROUP BY site_domain, provider, first_seen_on
  UNION ALL
  SELECT site_domain, provider, begins_on AS day, 0 AS mark, 0 AS link_count, observed_on
  FROM exports
  WHERE begins_on IS NOT NULL
  UNION ALL
  SELECT site_domain, provider, observed_on AS day, 2 AS mark, 0 AS link_count, observed_on
  FROM exports
  WHERE begins_on IS NOT NULL
),

summed AS (
  SELECT
    site_domain,
    provider,
    observed_on,
    mark,
    sum(link_count) OVER (
      PARTITION BY site_domain, provider
      ORDER BY day, mark
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS link_count
  FROM marks
),

older AS (
  SELECT
    site_domain,
    provider,
    observed_on,
    sum(CASE WHEN mark = 0 THEN link_count ELSE 0 END) AS older_count,
    sum(CASE WHEN mark = 2 THEN link_count ELSE 0 END) AS known_count
  FROM summed
  WHERE observed_on IS NOT NULL
  GROUP BY site_domain, provider, observed_on
),

-- An export lists recent days only when the series has many living links from before the first day it lists (a report
-- of new links, or a list cut off by date). Cut off otherwise (by authority), it lists no day whole. The first day of a
-- list cut off by date is cut itself.
stretches AS (
  SELECT
    exports.site_domain,
    exports.provider,
    CASE
      WHEN NOT older.is_recent THEN link_spans.starts_on
      WHEN exports.is_truncated THEN CAST(exports.begins_on + INTERVAL 1 DAY AS DATE)
      ELSE exports.begins_on
    END AS from_on,
    exports.observed_on AS until_on
  FROM exports
  INNER JOIN link_spans
    ON exports.site_domain = link_spans.site_domain AND exports.provider = link_spans.provider
  INNER JOIN (
    SELECT
      site_domain,
      provider,
      observed_on,
      (older_count >= $least_older_links AND older_count >= $least_older_share * known_count) AS is_recent
    FROM older
  ) AS older
    ON exports.site_domain = older.site_domain
    AND exports.provider = older.provider
    AND exports.observed_on = older.observed_on
  WHERE older.is_recent OR NOT exports.is_truncated
),

followed AS (
  SELECT
    site_domain,
    provider,
    from_on,
    until_on,
    max(until_on) OVER (
      PARTITION BY site_domain, provider
      ORDER BY from_on, until_on
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before_until_on
  FROM stretches
  WHERE from_on <= until_on
),

complete AS (
  SELECT
    site_domain,
    provider,
    max(CASE WHEN before_until_on IS NULL OR date_diff('day', before_until_on, from_on) > 1 THEN from_on END) AS from_on,
    max(until_on) AS until_on
  FROM followed
  GROUP BY site_domain, provider
)

SELECT
  link_spans.site_domain,
  link_spans.provider,
  link_spans.starts_on,
  export_spans.ends_on,
  export_spans.is_truncated,
  complete.from_on AS complete_from_on,
  complete.until_on AS complete_until_on,
  CAST(export_spans.export_count AS BIGINT) AS export_count,
  CAST(link_spans.link_count AS BIGINT) AS link_count,
  CAST(link_spans.domain_count AS BIGINT) AS domain_count,
  link_spans.dated_share,
  link_spans.loss_horizon_on
FROM link_spans
INNER JOIN export_spans
  ON link_spans.site_domain = export_spans.site_domain AND link_spans.provider = export_spans.provider
LEFT JOIN complete
  ON link_spans.site_domain = complete.site_domain AND link_spans.provider = complete.provider
