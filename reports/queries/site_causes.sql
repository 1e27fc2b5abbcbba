SELECT drop_id, cause, probability, evidence
FROM correlation.drop_causes
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY drop_id, probability DESC, cause
