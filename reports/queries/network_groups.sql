-- Groups of sources that link several monitored sites in lockstep. Counts and days are those of the whole group.
SELECT
  group_id,
  list(DISTINCT site_domain ORDER BY site_domain) AS sites,
  any_value(source_count) AS source_count,
  any_value(target_count) AS target_count,
  min(starts_on) AS starts_on,
  max(ends_on) AS ends_on,
  max(chance) AS chance,
  list(DISTINCT source_domain ORDER BY source_domain)[1:5] AS sources
FROM signals.lockstep_members
WHERE site_count > 1 AND list_contains($sites, site_domain)
GROUP BY group_id
HAVING count(DISTINCT site_domain) > 1
ORDER BY starts_on DESC, group_id
