-- signals.discovery_lag: how much of a day an export lists that is made 0 to 60 days after it. A provider publishes some
-- links days after the day it gives as their first sight, so the newest days of a series are not complete yet.
-- Witnesses are exports that were not cut off and that other exports follow: of the domains first seen within the 60
-- days before a witness that a later export of the series lists, and of whose first sight 60 days are known, it listed
-- a share. It bears witness only when it lists most of the domains that were known for longer: an export with a filter
-- says nothing about lag. Older bands of days list no less than younger ones.
WITH exports AS (
  SELECT
    known.site_domain,
    known.provider,
    known.observed_on,
    bool_or(coalesce(ledger.is_truncated, FALSE)) AS is_truncated,
    max(known.observed_on) OVER (PARTITION BY known.site_domain, known.provider) AS newest_on
  FROM staging.known_exports AS known
  INNER JOIN ingest.export_files AS ledger ON known.file_id = ledger.file_id
  WHERE NOT known.is_only
  GROUP BY known.site_domain, known.provider, known.observed_on
),

-- files of exports that may bear witness
files AS (
  SELECT known.file_id, exports.site_domain, exports.provider, exports.observed_on, exports.newest_on
  FROM staging.known_exports AS known
  INNER JOIN exports
    ON known.site_domain = exports.site_domain
    AND known.provider = exports.provider
    AND known.observed_on = exports.observed_on
  WHERE NOT exports.is_truncated AND exports.observed_on < exports.newest_on
),

windows AS (
  SELECT
    files.site_domain,
    files.provider,
    files.observed_on,
    files.newest_on,
    min(told.first_seen_on) AS begins_on
  FROM staging.link_observations AS told
  INNER JOIN files ON told.file_id = files.file_id
  GROUP BY files.site_domain, files.provider, files.observed_on, files.newest_on
),

said AS (
  SELECT files.site_domain, files.provider, files.observed_on, host.domain AS source_domain
  FROM staging.link_observations AS told
  INNER JOIN files ON told.file_id = files.file_id
  INNER JOIN staging.hosts AS host ON told.source_host_id = host.host_id
  WHERE date_diff('day', told.first_seen_on, files.observed_on) <= $lag_days + $settled_days
  GROUP BY files.site_domain, files.provider, files.observed_on, host.domain
),

domains AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    min(first_seen_on) AS first_seen_on,
    max(observed_on) AS listed_until_on
  FROM staging.links
  WHERE first_seen_on IS NOT NULL
  GROUP BY site_domain, provider, source_domain
),

pairs AS (
  SELECT
    windows.site_domain,
    windows.provider,
    windows.observed_on,
    date_diff('day', domains.first_seen_on, windows.observed_on) AS age_days,
    CASE WHEN said.source_domain IS NULL THEN 0 ELSE 1 END AS is_listed
  FROM windows
  INNER JOIN domains
    ON windows.site_domain = domains.site_domain
    AND windows.provider = domains.provider
    AND domains.first_seen_on > windows.begins_on
    AND domains.first_seen_on <= windows.observed_on
    AND domains.listed_until_on > windows.observed_on
  LEFT JOIN said
    ON windows.site_domain = said.site_domain
    AND windows.provider = said.provider
    AND windows.observed_on = said.observed_on
    AND domains.source_domain = said.source_domain
  WHERE date_diff('day', domains.first_seen_on, windows.observed_on) <= $lag_days + $settled_days
    AND date_diff('day', domains.first_seen_on, windows.newest_on) > $lag_days
),

witnesses AS (
  SELECT site_domain, provider, observed_on
  FROM pairs
  WHERE age_days > $lag_days
  GROUP BY site_domain, provider, observed_on
  HAVING count(*) >= $least_settled_domains AND sum(is_listed) >= $least_settled_share * count(*)
),

-- a band is a day in the first two weeks, a week afterwards
counted AS (
  SELECT
    pairs.site_domain,
    pairs.provider,
    CASE
      WHEN pairs.age_days < 14 THEN pairs.age_days
      ELSE 14 + CAST(floor((pairs.age_days - 14) / 7.0) AS BIGINT)
    END AS band,
    pairs.is_listed
  FROM pairs
  INNER JOIN witnesses
    ON pairs.site_domain = witnesses.site_domain
    AND pairs.provider = witnesses.provider
    AND pairs.observed_on = witnesses.observed_on
  WHERE pairs.age_days <= $lag_days
),

by_site AS (
  SELECT
    site_domain,
    provider,
    band,
    count(*) AS domain_count,
    CAST(sum(is_listed) AS DOUBLE) / count(*) AS share,
    count(*) OVER (PARTITION BY site_domain, provider) AS band_count
  FROM counted
  GROUP BY site_domain, provider, band
  HAVING count(*) >= $least_lag_domains
),

by_provider AS (
  SELECT
    provider,
    band,
    count(*) AS domain_count,
    CAST(sum(is_listed) AS DOUBLE) / count(*) AS share
  FROM counted
  GROUP BY provider, band
  HAVING count(*) >= $least_lag_domains
),

-- its own figures for a site that has them for all 21 bands, else those of all sites of the provider
chosen AS (
  SELECT site_domain, provider, band, domain_count, share, FALSE AS is_pooled
  FROM by_site
  WHERE band_count = 21
  UNION ALL
  SELECT series.site_domain, pooled.provider, pooled.band, pooled.domain_count, pooled.share, TRUE AS is_pooled
  FROM by_provider AS pooled
  INNER JOIN signals.link_series AS series ON pooled.provider = series.provider AND series.starts_on IS NOT NULL
  LEFT JOIN by_site AS own
    ON series.site_domain = own.site_domain AND series.provider = own.provider AND own.band = 0 AND own.band_count = 21
  WHERE own.site_domain IS NULL
),

rising AS (
  SELECT
    site_domain,
    provider,
    band,
    domain_count,
    is_pooled,
    max(share) OVER (
      PARTITION BY site_domain, provider ORDER BY band ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS share
  FROM chosen
),

digits (digit) AS (
  VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)
),

ages AS (
  SELECT CAST(10 * tens.digit + ones.digit AS BIGINT) AS age_days
  FROM digits AS tens
  CROSS JOIN digits AS ones
  WHERE 10 * tens.digit + ones.digit <= $lag_days
)

SELECT
  rising.site_domain,
  rising.provider,
  ages.age_days,
  rising.share AS listed_share,
  CAST(rising.domain_count AS BIGINT) AS domain_count,
  rising.is_pooled
FROM ages
INNER JOIN rising
  ON rising.band = CASE
    WHEN ages.age_days < 14 THEN ages.age_days
    ELSE 14 + CAST(floor((ages.age_days - 14) / 7.0) AS BIGINT)
  END
