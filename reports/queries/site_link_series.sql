SELECT provider, starts_on, ends_on, is_truncated, export_count, link_count, domain_count, dated_share, loss_horizon_on
FROM signals.link_series
WHERE site_domain = $site_domain
ORDER BY provider
