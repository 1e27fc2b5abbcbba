-- Alerts whose finding goes on and that nobody has dealt with: of each finding the last one told, the most urgent first.
SELECT alert_id, site_domain, kind, severity, is_page, status, owner, message_key, arguments, raised_at
FROM reports.alerts
WHERE is_open AND status IN ('new', 'acknowledged') AND told_in IS NULL AND as_of <= $as_of
QUALIFY row_number() OVER (PARTITION BY site_domain, kind, finding_id ORDER BY raised_at DESC, alert_id) = 1
ORDER BY
  is_page DESC, CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, raised_at DESC, site_domain, alert_id
