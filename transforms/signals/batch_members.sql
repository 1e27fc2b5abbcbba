-- signals.batch_members: the links of each batch. A link is in one batch: rented before purchase, then the least likely.
-- Rented: all links of a domain that came and went within the days of the batch. Purchase: the domain's first link to
-- the page, from the band of authority.
WITH rented AS (
  SELECT
    links.link_id,
    batches.site_domain,
    batches.provider,
    batches.batch_id,
    batches.kind,
    1 AS kind_order,
    batches.p_value
  FROM signals.link_batches AS batches
  INNER JOIN signals.domain_edges AS domains
    ON batches.site_domain = domains.site_domain
    AND batches.provider = domains.provider
    AND domains.direction = 'in'
    AND domains.first_seen_on BETWEEN batches.placed_from_on AND batches.placed_to_on
    AND domains.lost_on BETWEEN batches.lost_from_on AND batches.lost_to_on
    AND coalesce(domains.authority > $weak_authority, TRUE)
  INNER JOIN staging.links AS links
    ON domains.site_domain = links.site_domain
    AND domains.provider = links.provider
    AND domains.other_domain = links.source_domain
  WHERE batches.kind = 'rented'
),

purchased AS (
  SELECT
    arrivals.link_id,
    batches.site_domain,
    batches.provider,
    batches.batch_id,
    batches.kind,
    2 AS kind_order,
    batches.p_value
  FROM signals.link_batches AS batches
  INNER JOIN signals.page_arrivals AS arrivals
    ON batches.site_domain = arrivals.site_domain
    AND batches.provider = arrivals.provider
    AND batches.target_url = arrivals.target_url
    AND arrivals.placed_on BETWEEN batches.placed_from_on AND batches.placed_to_on
    AND arrivals.authority >= batches.authority_low
    AND arrivals.authority < batches.authority_high
  WHERE batches.kind = 'purchase' AND arrivals.is_keyword AND arrivals.authority > $weak_authority
)

SELECT link_id, site_domain, provider, batch_id, kind
FROM (
  SELECT
    members.*,
    row_number() OVER (PARTITION BY link_id ORDER BY kind_order, p_value, batch_id) AS best_first
  FROM (
    SELECT * FROM rented
    UNION ALL
    SELECT * FROM purchased
  ) AS members
) AS ordered
WHERE best_first = 1
