-- signals.source_customers: referring domains that link with keywords to monitored sites of several owners, as shops of
-- links do; links disclosed as paid do not count. Sites whose owner nothing tells count as an owner each.
WITH linked AS (
  SELECT source_domain, site_domain, provider, lower(trim(coalesce(anchor_text, ''))) AS anchor
  FROM staging.links
  WHERE NOT coalesce(is_sponsored, FALSE)
),

several AS (
  SELECT source_domain
  FROM linked
  GROUP BY source_domain
  HAVING min(site_domain) <> max(site_domain)
)

SELECT
  linked.source_domain,
  CAST(count(DISTINCT linked.site_domain) AS BIGINT) AS site_count,
  CAST(count(DISTINCT coalesce(sites.owner_group, linked.site_domain)) AS BIGINT) AS owner_count
FROM linked
INNER JOIN several ON linked.source_domain = several.source_domain
INNER JOIN signals.anchors AS anchors
  ON linked.site_domain = anchors.site_domain
  AND linked.provider = anchors.provider
  AND linked.anchor = anchors.anchor
  AND anchors.anchor_kind IN ('keyword', 'money')
LEFT JOIN ingest.listed_sites AS sites ON linked.site_domain = sites.site_domain
GROUP BY linked.source_domain
HAVING count(DISTINCT coalesce(sites.owner_group, linked.site_domain)) >= 2
