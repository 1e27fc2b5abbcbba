-- Exchanges and rings with a domain that several monitored sites exchange with, or that is monitored itself.
WITH monitored AS (
  SELECT unnest($sites) AS site_domain
)
SELECT
  partners.site_domain,
  partners.source_domain,
  partners.form,
  partners.through,
  partners.partner_site_count,
  monitored.site_domain IS NOT NULL AS is_monitored,
  partners.probability,
  partners.is_synchronous,
  candidates.in_on,
  candidates.out_on
FROM signals.exchange_partners AS partners
LEFT JOIN monitored ON monitored.site_domain = partners.source_domain
LEFT JOIN (
  SELECT site_domain, source_domain, form, min(in_on) AS in_on, min(out_on) AS out_on
  FROM signals.exchange_candidates
  GROUP BY site_domain, source_domain, form
) AS candidates
  ON candidates.site_domain = partners.site_domain AND candidates.source_domain = partners.source_domain
  AND candidates.form = partners.form
WHERE list_contains($sites, partners.site_domain)
  AND (partners.partner_site_count > 1 OR monitored.site_domain IS NOT NULL)
ORDER BY is_monitored DESC, partners.partner_site_count DESC, partners.source_domain, partners.site_domain
