SELECT surge_id, source_domain_count, declared_domain_count, is_declared, campaign
FROM surges.surge_declarations
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY surge_id
