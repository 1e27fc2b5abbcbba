-- Thirteen months, as on the portfolio page; the warehouse has every night.
SELECT day, risk_score, tier
FROM risk.site_risk
WHERE site_domain = $site_domain AND day <= $as_of AND day > $as_of - 400
ORDER BY day
