SELECT drop_id, kind, name, happened_on, days_since_start, days_to_recovery, item_count, told_by
FROM correlation.recovery_events
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY drop_id, happened_on, kind, event_id
