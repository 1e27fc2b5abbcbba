-- surges.surge_parts: what makes up each surge, part by part, the largest values first. A part counts domains, but
-- for source, which counts new links: a domain is in a surge once. Shares are of the whole surge; variety is the
-- inverse Simpson index of the values of the part (Hill 1973, Ecology 54:427): as many equal ones would be as mixed.
WITH counted AS (
  SELECT surge_id, 'source' AS part, source_domain AS value, sum(link_count) AS item_count, NULL AS is_same_owner
  FROM surges.surge_members
  GROUP BY surge_id, source_domain
  UNION ALL
  SELECT surge_id, 'network' AS part, coalesce(network, source_domain) AS value, count(*), NULL
  FROM surges.surge_members
  GROUP BY surge_id, coalesce(network, source_domain)
  UNION ALL
  SELECT surge_id, 'anchor' AS part, lower(trim(anchor_text)) AS value, count(*), NULL
  FROM surges.surge_members
  WHERE anchor_kind <> 'empty'
  GROUP BY surge_id, lower(trim(anchor_text))
  UNION ALL
  SELECT surge_id, 'anchor_kind' AS part, anchor_kind AS value, count(*), NULL
  FROM surges.surge_members
  GROUP BY surge_id, anchor_kind
  UNION ALL
  SELECT
    surge_id,
    'target' AS part,
    coalesce(
      nullif(regexp_extract(lower(target_url), '^[a-z][a-z0-9+.-]*://[^/?#]*([^?#]*)', 1), ''), '/'
    ) AS value,
    count(*),
    NULL
  FROM surges.surge_members
  GROUP BY
    surge_id,
    coalesce(nullif(regexp_extract(lower(target_url), '^[a-z][a-z0-9+.-]*://[^/?#]*([^?#]*)', 1), ''), '/')
  UNION ALL
  SELECT surge_id, 'target_kind' AS part, target_kind AS value, count(*), NULL
  FROM surges.surge_members
  GROUP BY surge_id, target_kind
  UNION ALL
  -- Every new domain of the site and provider in the same days, whatever its origin.
  SELECT surges.surge_id, 'origin' AS part, domains.origin AS value, count(*), NULL
  FROM surges.link_surges AS surges
  INNER JOIN signals.domain_origins AS domains
    ON surges.site_domain = domains.site_domain
    AND surges.provider = domains.provider
    AND domains.first_seen_on BETWEEN surges.starts_on AND surges.ends_on
  WHERE surges.as_of = $as_of
  GROUP BY surges.surge_id, domains.origin
  UNION ALL
  -- Other monitored sites to which domains of the surge were new in the same days.
  SELECT
    surges.surge_id,
    'site' AS part,
    others.site_domain AS value,
    count(*),
    max(CASE WHEN mine.owner_group = theirs.owner_group THEN 1 WHEN mine.owner_group <> theirs.owner_group THEN 0 END)
  FROM surges.link_surges AS surges
  INNER JOIN surges.surge_members AS members ON surges.surge_id = members.surge_id
  INNER JOIN signals.domain_origins AS others
    ON members.provider = others.provider
    AND members.source_domain = others.source_domain
    AND members.site_domain <> others.site_domain
    AND others.first_seen_on BETWEEN surges.starts_on AND surges.ends_on
  LEFT JOIN ingest.listed_sites AS mine ON surges.site_domain = mine.site_domain
  LEFT JOIN ingest.listed_sites AS theirs ON others.site_domain = theirs.site_domain
  WHERE surges.as_of = $as_of
  GROUP BY surges.surge_id, others.site_domain
),

wholes AS (
  SELECT surge_id, count(*) AS domain_count, sum(link_count) AS link_count
  FROM surges.surge_members
  GROUP BY surge_id
),

placed AS (
  SELECT
    surge_id,
    part,
    value,
    is_same_owner,
    CAST(item_count AS DOUBLE) AS item_count,
    row_number() OVER (PARTITION BY surge_id, part ORDER BY item_count DESC, value) AS place,
    count(*) OVER (PARTITION BY surge_id, part) AS value_count,
    CAST(sum(item_count) OVER (PARTITION BY surge_id, part) AS DOUBLE) AS all_count,
    CAST(sum(item_count * item_count) OVER (PARTITION BY surge_id, part) AS DOUBLE) AS square_sum
  FROM counted
)

SELECT
  surges.as_of,
  surges.surge_id,
  surges.site_domain,
  surges.provider,
  placed.part,
  CAST(placed.place AS BIGINT) AS place,
  placed.value,
  CAST(placed.item_count AS BIGINT) AS item_count,
  placed.item_count / CASE
    WHEN placed.part = 'source' THEN CAST(wholes.link_count AS DOUBLE)
    WHEN placed.part = 'origin' THEN placed.all_count
    ELSE CAST(wholes.domain_count AS DOUBLE)
  END AS share,
  CAST(placed.value_count AS BIGINT) AS value_count,
  placed.all_count * placed.all_count / placed.square_sum AS variety,
  CASE WHEN placed.is_same_owner = 1 THEN TRUE WHEN placed.is_same_owner = 0 THEN FALSE END AS is_same_owner
FROM placed
INNER JOIN surges.link_surges AS surges ON placed.surge_id = surges.surge_id AND surges.as_of = $as_of
INNER JOIN wholes ON placed.surge_id = wholes.surge_id
WHERE placed.place <= $most_parts OR placed.part IN ('anchor_kind', 'target_kind', 'origin')
