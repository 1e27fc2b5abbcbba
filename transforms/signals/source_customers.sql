-- signals.source_customers: referring domains that link with keywords to monitored sites of several owners, as shops of
-- links and networks do; links disclosed as paid do not count. Sites whose owner nothing tells count as an owner each.
WITH linked AS (
  SELECT source_domain, site_domain, provider, first_seen_on, lower(trim(coalesce(anchor_text, ''))) AS anchor
  FROM staging.links
  WHERE NOT coalesce(is_sponsored, FALSE)
),

several AS (
  SELECT source_domain
  FROM linked
  GROUP BY source_domain
  HAVING min(site_domain) <> max(site_domain)
),

customers AS (
  SELECT
    linked.source_domain,
    linked.site_domain,
    coalesce(max(sites.owner_group), linked.site_domain) AS owner,
    min(linked.first_seen_on) AS first_seen_on
  FROM linked
  INNER JOIN several ON linked.source_domain = several.source_domain
  INNER JOIN signals.anchors AS anchors
    ON linked.site_domain = anchors.site_domain
    AND linked.provider = anchors.provider
    AND linked.anchor = anchors.anchor
    AND anchors.anchor_kind IN ('keyword', 'money')
  LEFT JOIN ingest.listed_sites AS sites ON linked.site_domain = sites.site_domain
  GROUP BY linked.source_domain, linked.site_domain
)

SELECT
  source_domain,
  CAST(count(*) AS BIGINT) AS site_count,
  CAST(count(DISTINCT owner) AS BIGINT) AS owner_count,
  date_diff('day', min(first_seen_on), max(first_seen_on)) AS span_days
FROM customers
GROUP BY source_domain
HAVING count(DISTINCT owner) >= 2
