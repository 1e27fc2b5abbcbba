-- What kind of event each surge is. Of the sites it shares sources with, only those of the same owner are named.
WITH own AS (
  SELECT coalesce(list(site_domain), []) AS names
  FROM ingest.listed_sites
  WHERE owner_group = (SELECT owner_group FROM ingest.listed_sites WHERE site_domain = $site_domain)
)
SELECT surge_id, reading, reasons, source_domain_count, network_variety, top_network_share, keyword_anchor_share,
  worded_anchor_share, informational_target_share, top_target, peak_on, peak_share, half_days, later_share,
  arranged_share, shared_domain_count, shared_host,
  CASE WHEN shared_with IS NOT NULL THEN coalesce(
    nullif(array_to_string(
      list_filter(string_split(shared_with, ', '), lambda name: list_contains(own.names, name)), ', '), ''),
    'other_watched_sites'
  ) END AS shared_with
FROM surges.surge_composition
CROSS JOIN own
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY surge_id
