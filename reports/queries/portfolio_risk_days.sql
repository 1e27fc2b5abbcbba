-- The score of each night of the last $spark_days, as days before the night and scores; nights without one are left out.
SELECT
  site_domain,
  list(CAST($as_of - day AS BIGINT) ORDER BY day) AS ages,
  list(risk_score ORDER BY day) AS amounts
FROM risk.site_risk
WHERE day <= $as_of AND day > CAST($as_of AS DATE) - CAST($spark_days AS INTEGER) AND risk_score IS NOT NULL
GROUP BY site_domain
ORDER BY site_domain
