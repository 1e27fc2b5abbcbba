-- signals.shared_sources: referring domains that were new to two or more monitored sites on the same day in the same
-- index. One source that links to several sites (a network, a template, a mailing list) brings them up together; the
-- provider's crawler brings up different sources at each. So what is shared is no sign of a crawler's day.
WITH arrivals AS (
  SELECT
    domains.site_domain,
    domains.provider,
    domains.source_domain,
    domains.origin,
    domains.first_seen_on AS day,
    sites.owner_group
  FROM signals.domain_origins AS domains
  LEFT JOIN ingest.listed_sites AS sites ON domains.site_domain = sites.site_domain
  WHERE domains.first_seen_on IS NOT NULL
),

shared AS (
  SELECT
    provider,
    source_domain,
    day,
    count(*) AS site_count,
    count(DISTINCT coalesce(owner_group, site_domain)) AS owner_count,
    CASE
      WHEN count(DISTINCT owner_group) > 1 THEN FALSE
      WHEN count(owner_group) = count(*) THEN TRUE
    END AS is_one_owner
  FROM arrivals
  GROUP BY provider, source_domain, day
  HAVING count(*) >= 2
)

SELECT
  arrivals.site_domain,
  arrivals.provider,
  arrivals.source_domain,
  arrivals.origin,
  arrivals.day,
  CAST(shared.site_count AS BIGINT) AS site_count,
  CAST(shared.owner_count AS BIGINT) AS owner_count,
  shared.is_one_owner
FROM arrivals
INNER JOIN shared
  ON arrivals.provider = shared.provider
  AND arrivals.source_domain = shared.source_domain
  AND arrivals.day = shared.day
