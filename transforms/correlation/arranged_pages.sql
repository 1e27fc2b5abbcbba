-- correlation.arranged_pages: the pages that arranged links led to in the days before each drop of the night, whether or
-- not those links stood out as a surge: pages with several new referring domains of arranged links.
WITH arrivals AS (
  SELECT
    told.drop_id,
    told.site_domain,
    domains.provider,
    domains.source_domain,
    domains.first_seen_on
  FROM drops.ranking_drops AS told
  INNER JOIN signals.domain_origins AS domains ON told.site_domain = domains.site_domain
  WHERE told.as_of = $as_of
    AND told.part_of_drop_id IS NULL
    AND domains.origin IN ('bought', 'exchanged', 'guest_post', 'link_programme')
    AND date_diff('day', domains.first_seen_on, told.starts_on) BETWEEN 1 AND $longest_lag_days
),

linked AS (
  SELECT
    arrivals.drop_id,
    arrivals.site_domain,
    arrivals.source_domain,
    concat('page:', coalesce(nullif(pages.target_path, ''), '/')) AS segment
  FROM arrivals
  INNER JOIN staging.links AS links
    ON arrivals.site_domain = links.site_domain
    AND arrivals.provider = links.provider
    AND arrivals.source_domain = links.source_domain
    AND arrivals.first_seen_on = links.first_seen_on
  INNER JOIN signals.linked_pages AS pages
    ON links.site_domain = pages.site_domain AND links.target_url = pages.target_url
)

SELECT
  drop_id,
  site_domain,
  segment,
  CAST(count(DISTINCT source_domain) AS BIGINT) AS domain_count
FROM linked
GROUP BY drop_id, site_domain, segment
HAVING count(DISTINCT source_domain) >= $least_arranged_domains
