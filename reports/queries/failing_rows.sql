SELECT stage, check_name, site_domain, row_number, row
FROM expectations.failing_rows
WHERE as_of = $as_of
ORDER BY stage, check_name, site_domain, row_number
