SELECT day, risk_score, tier
FROM risk.site_risk
WHERE site_domain = $site_domain AND day <= $as_of
ORDER BY day
