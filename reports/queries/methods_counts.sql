-- What the page on methods and data quality opens with.
SELECT
  (SELECT count(*) FROM expectations.outcomes WHERE as_of = $as_of AND is_met) AS met_count,
  (SELECT count(*) FROM expectations.outcomes WHERE as_of = $as_of AND NOT is_met) AS broken_count,
  (
    SELECT count(DISTINCT site_domain) FROM expectations.outcomes
    WHERE as_of = $as_of AND severity = 'minimum' AND NOT is_met AND site_domain <> '*'
  ) AS held_back_count,
  (SELECT count(*) FROM ingest.feeds WHERE is_stale) AS late_count
