-- What could explain the drops of the incidents, with the width of each probability.
SELECT drop_id, cause, probability, probability_low, probability_high, evidence
FROM correlation.drop_causes
WHERE as_of = $as_of AND site_domain = $site_domain AND list_contains($drop_ids, drop_id)
ORDER BY drop_id, probability DESC, cause
