-- staging.decision_observations: what one decisions.csv of the team says of alerts.
-- A row said twice by the same person on the same day is one; rows that contradict each other are all kept.
SELECT
  file_id,
  row_number,
  alert_id,
  status,
  decided_by,
  coalesce(decided_on, observed_on) AS decided_on,
  note,
  observed_on,
  CAST(same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    listed.*,
    file.file_id,
    file.observed_on,
    row_number() OVER (
      PARTITION BY listed.alert_id, listed.status, listed.decided_by, listed.decided_on
      ORDER BY listed.row_number DESC
    ) AS key_place,
    count(*) OVER (
      PARTITION BY listed.alert_id, listed.status, listed.decided_by, listed.decided_on
    ) AS same_key_count
  FROM arrived.decisions AS listed
  CROSS JOIN arrived.file AS file
) AS said
WHERE key_place = 1
