-- surges.surge_declarations: how much of each surge the team placed itself, by its list of placements. A domain is
-- declared when any of its links to the site stands on a page of that list.
WITH placed AS (
  SELECT site_domain, provider, source_domain, max(campaign) AS campaign
  FROM signals.told_links
  WHERE is_declared
  GROUP BY site_domain, provider, source_domain
),

members AS (
  SELECT
    members.surge_id,
    members.site_domain,
    members.provider,
    placed.campaign,
    CASE WHEN placed.source_domain IS NULL THEN 0 ELSE 1 END AS is_placed
  FROM surges.surge_members AS members
  LEFT JOIN placed
    ON members.site_domain = placed.site_domain
    AND members.provider = placed.provider
    AND members.source_domain = placed.source_domain
),

campaigns AS (
  SELECT
    surge_id,
    campaign,
    row_number() OVER (PARTITION BY surge_id ORDER BY count(*) DESC, campaign) AS largest_first
  FROM members
  WHERE campaign IS NOT NULL
  GROUP BY surge_id, campaign
),

counted AS (
  SELECT
    surge_id,
    site_domain,
    provider,
    count(*) AS source_domain_count,
    sum(is_placed) AS declared_domain_count
  FROM members
  GROUP BY surge_id, site_domain, provider
)

SELECT
  CAST($as_of AS DATE) AS as_of,
  counted.surge_id,
  counted.site_domain,
  counted.provider,
  CAST(counted.source_domain_count AS BIGINT) AS source_domain_count,
  CAST(counted.declared_domain_count AS BIGINT) AS declared_domain_count,
  CAST(counted.declared_domain_count AS DOUBLE) / counted.source_domain_count AS declared_share,
  CAST(counted.declared_domain_count AS DOUBLE) / counted.source_domain_count >= $declared_share AS is_declared,
  campaigns.campaign
FROM counted
LEFT JOIN campaigns ON counted.surge_id = campaigns.surge_id AND campaigns.largest_first = 1
WHERE counted.declared_domain_count > 0
