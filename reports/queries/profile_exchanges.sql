-- Domains with which links go both ways, at once or over others, strongest first. Domains between that no export of
-- the site itself names stay unnamed: they may be known from another client's exports only.
WITH own AS (
  SELECT other_domain, direction, linked_on, lost_on
  FROM signals.domain_edges
  WHERE site_domain = $site_domain
),
partners AS (
  SELECT *, count(*) OVER () AS partner_count
  FROM signals.exchange_partners
  WHERE site_domain = $site_domain
  ORDER BY is_synchronous DESC NULLS LAST, probability DESC NULLS LAST, form, source_domain
  LIMIT $most_partners
),
named AS (
  SELECT coalesce(list(DISTINCT steps.step), []) AS steps
  FROM (SELECT unnest(string_split(through, ' > ')) AS step FROM partners WHERE through IS NOT NULL) AS steps
  JOIN own ON own.other_domain = steps.step
)
SELECT
  partners.source_domain, partners.form, partners.days_apart, partners.link_out_url, partners.probability,
  coalesce(partners.is_synchronous, false) AS is_synchronous, partners.partner_count,
  list_transform(
    string_split(partners.through, ' > '),
    lambda step: CASE WHEN list_contains(named.steps, step) THEN step END
  ) AS through,
  min(own.linked_on) FILTER (own.direction = 'in') AS in_on,
  max(own.lost_on) FILTER (own.direction = 'in') AS lost_on,
  min(own.linked_on) FILTER (own.direction = 'out') AS out_on
FROM partners
CROSS JOIN named
LEFT JOIN own ON own.other_domain = partners.source_domain
GROUP BY ALL
ORDER BY is_synchronous DESC, partners.probability DESC NULLS LAST, partners.form, partners.source_domain
