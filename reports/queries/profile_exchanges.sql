-- Domains with which links go both ways, at once or over others, strongest first. Domains between that no export of
-- the site itself names stay unnamed: they may be known from another client's exports only.
WITH asked AS (SELECT unnest($asked, recursive := true)),
own AS (
  SELECT edges.site_domain, edges.other_domain, edges.direction, edges.linked_on, edges.lost_on
  FROM signals.domain_edges AS edges
  JOIN asked USING (site_domain)
),
partners AS (
  SELECT
    partners.*, count(*) OVER (PARTITION BY partners.site_domain) AS partner_count,
    row_number() OVER (
      PARTITION BY partners.site_domain
      ORDER BY is_synchronous DESC NULLS LAST, probability DESC NULLS LAST, form, source_domain
    ) AS place
  FROM signals.exchange_partners AS partners
  JOIN asked USING (site_domain)
  QUALIFY place <= $most_partners
),
named AS (
  SELECT steps.site_domain, list(DISTINCT steps.step) AS steps
  FROM (
    SELECT site_domain, unnest(string_split(through, ' > ')) AS step FROM partners WHERE through IS NOT NULL
  ) AS steps
  JOIN own ON own.site_domain = steps.site_domain AND own.other_domain = steps.step
  GROUP BY steps.site_domain
)
SELECT
  partners.site_domain, partners.source_domain, partners.form, partners.days_apart, partners.link_out_url,
  partners.probability, coalesce(partners.is_synchronous, false) AS is_synchronous, partners.partner_count,
  coalesce(list_transform(
    string_split(partners.through, ' > '),
    lambda step: CASE WHEN list_contains(coalesce(named.steps, []), step) THEN step END
  ), []) AS through,
  min(own.linked_on) FILTER (own.direction = 'in') AS in_on,
  max(own.lost_on) FILTER (own.direction = 'in') AS lost_on,
  min(own.linked_on) FILTER (own.direction = 'out') AS out_on
FROM partners
LEFT JOIN named ON named.site_domain = partners.site_domain
LEFT JOIN own ON own.site_domain = partners.site_domain AND own.other_domain = partners.source_domain
GROUP BY ALL
ORDER BY partners.site_domain, min(partners.place)
