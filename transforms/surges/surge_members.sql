-- surges.surge_members: the referring domains that make up each surge of the night: those of its site, provider and
-- origin that were new in its days, as signals.daily_links counts them. What is said of a domain is said of its link
-- that gave it its origin (signals.domain_origins): the most probable one of its first day.
WITH arrivals AS (
  SELECT
    surges.surge_id,
    surges.site_domain,
    surges.provider,
    surges.starts_on,
    surges.ends_on,
    domains.source_domain,
    domains.first_seen_on,
    domains.source_authority
  FROM surges.link_surges AS surges
  INNER JOIN signals.domain_origins AS domains
    ON surges.site_domain = domains.site_domain
    AND surges.provider = domains.provider
    AND surges.origin = domains.origin
    AND domains.first_seen_on BETWEEN surges.starts_on AND surges.ends_on
  WHERE surges.as_of = $as_of
),

new_links AS (
  SELECT
    arrivals.surge_id,
    arrivals.source_domain,
    links.link_id,
    links.link_number,
    links.site_domain,
    links.provider,
    links.source_host,
    links.source_url,
    links.source_title,
    links.target_url,
    links.anchor_text,
    links.is_nofollow,
    links.first_seen_on = arrivals.first_seen_on AS is_first
  FROM arrivals
  INNER JOIN staging.links AS links
    ON arrivals.site_domain = links.site_domain
    AND arrivals.provider = links.provider
    AND arrivals.source_domain = links.source_domain
  WHERE links.first_seen_on BETWEEN arrivals.first_seen_on AND arrivals.ends_on
),

volumes AS (
  SELECT surge_id, source_domain, count(*) AS link_count, count(DISTINCT source_host) AS host_count
  FROM new_links
  GROUP BY surge_id, source_domain
),

firsts AS (
  SELECT
    new_links.surge_id,
    new_links.source_domain,
    new_links.link_id,
    new_links.site_domain,
    new_links.provider,
    new_links.source_host,
    new_links.source_url,
    lower(coalesce(new_links.source_title, '')) AS title,
    regexp_extract(lower(new_links.source_url), '^https?://[^/?#]*(/[^?#]*)', 1) AS source_path,
    new_links.target_url,
    new_links.anchor_text,
    new_links.is_nofollow,
    lower(trim(coalesce(new_links.anchor_text, ''))) AS anchor,
    row_number() OVER (
      PARTITION BY new_links.surge_id, new_links.source_domain
      ORDER BY origins.probability DESC, new_links.link_id
    ) AS probability_order
  FROM new_links
  INNER JOIN signals.link_origins AS origins ON new_links.link_number = origins.link_number
  WHERE new_links.is_first
),

-- What the origins know of their anchors and pages.
seen AS (
  SELECT
    firsts.link_id,
    anchors.anchor_kind,
    anchors.domain_count AS anchor_domain_count,
    translate(coalesce(addresses.value, titles.value), '0123456789', '##########') AS shared_page
  FROM firsts
  LEFT JOIN signals.anchors AS anchors
    ON firsts.site_domain = anchors.site_domain
    AND firsts.provider = anchors.provider
    AND firsts.anchor = anchors.anchor
  LEFT JOIN signals.shared_pages AS addresses
    ON firsts.site_domain = addresses.site_domain
    AND firsts.provider = addresses.provider
    AND firsts.source_path = addresses.value
    AND addresses.trait = 'address'
    AND addresses.domain_count >= $least_sharing_domains
  LEFT JOIN signals.shared_pages AS titles
    ON firsts.site_domain = titles.site_domain
    AND firsts.provider = titles.provider
    AND firsts.title = titles.value
    AND titles.trait = 'title'
    AND titles.domain_count >= $least_sharing_domains
  WHERE firsts.probability_order = 1
),

-- Other monitored sites to which the same domain was new in the days of the surge.
elsewhere AS (
  SELECT
    arrivals.surge_id,
    arrivals.source_domain,
    count(DISTINCT others.site_domain) AS other_site_count
  FROM arrivals
  INNER JOIN signals.domain_origins AS others
    ON arrivals.provider = others.provider
    AND arrivals.source_domain = others.source_domain
    AND arrivals.site_domain <> others.site_domain
    AND others.first_seen_on BETWEEN arrivals.starts_on AND arrivals.ends_on
  GROUP BY arrivals.surge_id, arrivals.source_domain
)

SELECT
  arrivals.surge_id,
  arrivals.site_domain,
  arrivals.provider,
  arrivals.source_domain,
  arrivals.first_seen_on,
  firsts.source_host,
  firsts.source_url,
  CAST(volumes.link_count AS BIGINT) AS link_count,
  CAST(volumes.host_count AS BIGINT) AS host_count,
  -- A host of other people's sites (blogspot.com, pages.dev), told from a country's own second level (co.uk, com.br).
  CASE
    WHEN
      regexp_matches(arrivals.source_domain, '^[^.]+[.][^.]+[.][^.].*[a-z]$')
      AND NOT regexp_matches(arrivals.source_domain, '^[^.]+[.][a-z]{2,4}[.][a-z]{2}$')
      THEN concat('*.', regexp_extract(arrivals.source_domain, '^[^.]+[.](.*)$', 1))
    ELSE seen.shared_page
  END AS network,
  firsts.anchor_text,
  CASE
    WHEN firsts.anchor = '' THEN 'empty'
    WHEN seen.anchor_kind = 'money' THEN 'commercial'
    WHEN seen.anchor_kind = 'keyword' AND seen.anchor_domain_count >= $least_sharing_domains THEN 'repeated'
    WHEN seen.anchor_kind = 'brand' THEN 'brand'
    WHEN
      regexp_matches(firsts.anchor, '^(https?:|www[.]|[a-z0-9-]+([.][a-z0-9-]+)+(/|$))')
      OR contains(firsts.anchor, arrivals.site_domain)
      THEN 'address'
    ELSE 'other'
  END AS anchor_kind,
  firsts.target_url,
  pages.target_kind,
  firsts.is_nofollow,
  arrivals.source_authority,
  CAST(coalesce(elsewhere.other_site_count, 0) AS BIGINT) AS other_site_count
FROM arrivals
INNER JOIN firsts
  ON arrivals.surge_id = firsts.surge_id
  AND arrivals.source_domain = firsts.source_domain
  AND firsts.probability_order = 1
INNER JOIN volumes
  ON arrivals.surge_id = volumes.surge_id AND arrivals.source_domain = volumes.source_domain
INNER JOIN signals.linked_pages AS pages
  ON firsts.site_domain = pages.site_domain AND firsts.target_url = pages.target_url
LEFT JOIN seen ON firsts.link_id = seen.link_id
LEFT JOIN elsewhere
  ON arrivals.surge_id = elsewhere.surge_id AND arrivals.source_domain = elsewhere.source_domain
