-- What there is to read of a site at all: most sites have neither partners nor groups.
SELECT
  EXISTS (
    SELECT 1 FROM signals.visibility WHERE site_domain = $site_domain AND segment_kind NOT IN ('site', 'page')
  ) AS has_parts,
  (SELECT count(*) FROM signals.exchange_partners WHERE site_domain = $site_domain) AS partner_count,
  (SELECT count(*) FROM signals.lockstep_members WHERE site_domain = $site_domain) AS member_count,
  (SELECT count(*) FROM ingest.competitors WHERE site_domain = $site_domain) AS competitor_count
