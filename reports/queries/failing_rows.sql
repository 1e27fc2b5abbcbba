-- Rows of the same checks as unmet_checks.sql, $most_failing_rows in all, shared out among the checks.
WITH shown AS (
  SELECT stage, check_name, site_domain
  FROM expectations.outcomes
  WHERE as_of = $as_of AND NOT is_met
  ORDER BY severity DESC, site_domain <> '*', failing_count DESC, site_domain, stage, check_name
  LIMIT $most_unmet
),
kept AS (
  SELECT failing.stage, failing.check_name, failing.site_domain, failing.row_number, failing.row
  FROM expectations.failing_rows AS failing
  JOIN shown ON shown.stage = failing.stage AND shown.check_name = failing.check_name
    AND shown.site_domain = failing.site_domain
  WHERE failing.as_of = $as_of
  ORDER BY failing.row_number, failing.stage, failing.check_name, failing.site_domain
  LIMIT $most_failing_rows
)
SELECT stage, check_name, site_domain, row_number, row
FROM kept
ORDER BY stage, check_name, site_domain, row_number
