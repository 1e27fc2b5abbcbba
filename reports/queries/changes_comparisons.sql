-- The risk score of the night beside that of 1, 7 and 28 days before, of one site ($site_domain) or of all (null).
-- Each step from one scored night to the next is put down to what changed in it; the steps between then and now add up.
WITH broken AS (
  SELECT DISTINCT as_of, site_domain FROM expectations.outcomes WHERE severity = 'minimum' AND NOT is_met
),
nights AS (
  SELECT risk.site_domain, risk.day, risk.risk_score, kept.method_version, kept.labels_version, kept.data_version
  FROM risk.site_risk AS risk
  LEFT JOIN broken ON broken.site_domain = risk.site_domain AND broken.as_of = risk.day
  LEFT JOIN reports.nights AS kept ON kept.site_domain = risk.site_domain AND kept.as_of = risk.day
  WHERE risk.day <= $as_of AND broken.site_domain IS NULL
    AND ($site_domain IS NULL OR risk.site_domain = $site_domain)
),
pairs AS (
  SELECT site_domain, day, risk_score,
    risk_score - lag(risk_score) OVER site AS step,
    method_version <> lag(method_version) OVER site AS is_method,
    labels_version <> lag(labels_version) OVER site AS is_labels,
    data_version <> lag(data_version) OVER site AS is_data
  FROM nights
  WHERE risk_score IS NOT NULL
  WINDOW site AS (PARTITION BY site_domain ORDER BY day)
),
steps AS (
  SELECT site_domain, day, risk_score, step,
    CASE
      WHEN is_method IS NULL OR is_labels IS NULL OR is_data IS NULL THEN 'unrecorded'
      WHEN CAST(is_method AS INTEGER) + CAST(is_labels AS INTEGER) + CAST(is_data AS INTEGER) > 1 THEN 'mixed'
      WHEN is_method THEN 'method'
      WHEN is_labels THEN 'labels'
      WHEN is_data THEN 'data'
      ELSE 'days'
    END AS cause
  FROM pairs
),
asked AS (
  SELECT now.site_domain, now.risk_score AS now_score, spans.days, known.since_on
  FROM nights AS now
  CROSS JOIN (VALUES (1), (7), (28)) AS spans (days)
  JOIN (
    SELECT site_domain, min(day) AS since_on FROM risk.site_risk WHERE day <= $as_of GROUP BY site_domain
  ) AS known ON known.site_domain = now.site_domain
  WHERE now.day = $as_of
),
then_nights AS (
  SELECT asked.site_domain, asked.days, max(steps.day) AS then_on, max_by(steps.risk_score, steps.day) AS then_score
  FROM asked
  JOIN steps ON steps.site_domain = asked.site_domain AND steps.day <= CAST($as_of AS DATE) - CAST(asked.days AS INTEGER)
  WHERE asked.now_score IS NOT NULL
  GROUP BY asked.site_domain, asked.days
)
SELECT
  asked.site_domain,
  CAST($as_of AS DATE) AS as_of,
  asked.days,
  asked.since_on,
  asked.now_score,
  then_nights.then_on,
  then_nights.then_score,
  coalesce(round(sum(steps.step) FILTER (WHERE steps.cause = 'data'), 6), 0.0) AS by_data,
  coalesce(round(sum(steps.step) FILTER (WHERE steps.cause = 'method'), 6), 0.0) AS by_method,
  coalesce(round(sum(steps.step) FILTER (WHERE steps.cause = 'labels'), 6), 0.0) AS by_labels,
  coalesce(round(sum(steps.step) FILTER (WHERE steps.cause = 'mixed'), 6), 0.0) AS by_mixed,
  coalesce(round(sum(steps.step) FILTER (WHERE steps.cause = 'days'), 6), 0.0) AS by_days,
  coalesce(round(sum(steps.step) FILTER (WHERE steps.cause = 'unrecorded'), 6), 0.0) AS by_unrecorded
FROM asked
LEFT JOIN then_nights ON then_nights.site_domain = asked.site_domain AND then_nights.days = asked.days
LEFT JOIN steps ON steps.site_domain = asked.site_domain AND steps.day > then_nights.then_on AND steps.day <= $as_of
GROUP BY asked.site_domain, asked.days, asked.since_on, asked.now_score, then_nights.then_on, then_nights.then_score
ORDER BY asked.site_domain, asked.days
