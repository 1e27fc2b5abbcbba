-- Alerts that nobody has closed, the most urgent first.
SELECT alert_id, site_domain, kind, severity, status, message_key, arguments, raised_at
FROM reports.alerts
WHERE status <> 'closed' AND as_of <= $as_of
ORDER BY
  CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, raised_at DESC, site_domain, alert_id
