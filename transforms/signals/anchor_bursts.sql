-- signals.anchor_bursts: keywords that several domains used for one page within a fortnight of each other. Days are cut
-- into weeks, and each week is joined to the one after it, so that no burst is missed for lying across a border. Links
-- disclosed as paid do not count.
WITH linked AS (
  SELECT
    site_domain,
    provider,
    target_url,
    source_domain,
    first_seen_on,
    lower(trim(anchor_text)) AS anchor
  FROM staging.links
  WHERE
    first_seen_on IS NOT NULL
    AND length(anchor_text) BETWEEN 4 AND 60
    AND NOT coalesce(is_sponsored, FALSE)
),

-- Few pairs of a page and an anchor occur often: the others are dropped before anything is compared.
repeated AS (
  SELECT linked.site_domain, linked.provider, linked.target_url, linked.anchor
  FROM linked
  GROUP BY linked.site_domain, linked.provider, linked.target_url, linked.anchor
  HAVING count(*) >= $burst_domain_count
),

keywords AS (
  SELECT repeated.site_domain, repeated.provider, repeated.target_url, repeated.anchor
  FROM repeated
  INNER JOIN signals.anchors AS anchors
    ON repeated.site_domain = anchors.site_domain
    AND repeated.provider = anchors.provider
    AND repeated.anchor = anchors.anchor
  WHERE anchors.anchor_kind IN ('keyword', 'money') AND anchors.domain_count >= $burst_domain_count
),

arrivals AS (
  SELECT
    linked.site_domain,
    linked.provider,
    linked.target_url,
    linked.anchor,
    linked.source_domain,
    CAST(floor(date_diff('day', DATE '2000-01-03', min(linked.first_seen_on)) / 7.0) AS BIGINT) AS week
  FROM linked
  INNER JOIN keywords
    ON linked.site_domain = keywords.site_domain
    AND linked.provider = keywords.provider
    AND linked.target_url = keywords.target_url
    AND linked.anchor = keywords.anchor
  GROUP BY linked.site_domain, linked.provider, linked.target_url, linked.anchor, linked.source_domain
),

fortnights AS (
  SELECT site_domain, provider, target_url, anchor, source_domain, week FROM arrivals
  UNION ALL
  SELECT site_domain, provider, target_url, anchor, source_domain, week - 1 AS week FROM arrivals
),

counted AS (
  SELECT
    fortnights.site_domain,
    fortnights.provider,
    fortnights.target_url,
    fortnights.anchor,
    fortnights.week,
    count(*) AS domain_count,
    -- Domains that came to several owners' sites within a month serve a network's customers.
    sum(CASE WHEN customers.span_days <= $network_days THEN 1 ELSE 0 END) AS network_count
  FROM fortnights
  LEFT JOIN signals.source_customers AS customers ON fortnights.source_domain = customers.source_domain
  GROUP BY
    fortnights.site_domain, fortnights.provider, fortnights.target_url, fortnights.anchor, fortnights.week
  HAVING count(*) >= $burst_domain_count
)

SELECT
  arrivals.site_domain,
  arrivals.provider,
  arrivals.target_url,
  arrivals.anchor,
  arrivals.source_domain,
  CAST(max(counted.domain_count) AS BIGINT) AS domain_count,
  CAST(max(counted.network_count) AS BIGINT) AS network_count
FROM arrivals
INNER JOIN counted
  ON arrivals.site_domain = counted.site_domain
  AND arrivals.provider = counted.provider
  AND arrivals.target_url = counted.target_url
  AND arrivals.anchor = counted.anchor
  AND counted.week BETWEEN arrivals.week - 1 AND arrivals.week
GROUP BY arrivals.site_domain, arrivals.provider, arrivals.target_url, arrivals.anchor, arrivals.source_domain
