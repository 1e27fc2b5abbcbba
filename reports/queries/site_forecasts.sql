SELECT chance_90, chance_low, chance_high, chance_without_links, links_share, basis, evidence
FROM risk.drop_forecasts
WHERE day = $as_of AND site_domain = $site_domain
