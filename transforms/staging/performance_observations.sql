-- staging.performance_observations: what one export said of search performance.
-- Rows that repeat dimension values and day or period are one: the first in the file. Where the export has sums of
-- positions (the bulk export, whose rows repeat their keys), such rows are added up, and the position is the mean.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.dimension_set,
  said.query,
  said.page_url,
  said.device,
  said.country,
  said.appearance,
  said.performed_on,
  said.starts_on,
  said.ends_on,
  said.period_name,
  CASE WHEN said.position_sum IS NULL THEN said.clicks ELSE said.same_key_clicks END AS clicks,
  CASE WHEN said.position_sum IS NULL THEN said.impressions ELSE said.same_key_impressions END AS impressions,
  CASE
    WHEN said.position_sum IS NULL THEN said.position
    ELSE said.same_key_position_sum / nullif(said.same_key_impressions, 0) + 1
  END AS position,
  said.observed_on,
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    keyed.*,
    row_number() OVER (PARTITION BY keyed.dimension_key, keyed.day_key ORDER BY keyed.row_number) AS place,
    count(*) OVER (PARTITION BY keyed.dimension_key, keyed.day_key) AS same_key_count,
    sum(keyed.clicks) OVER (PARTITION BY keyed.dimension_key, keyed.day_key) AS same_key_clicks,
    sum(keyed.impressions) OVER (PARTITION BY keyed.dimension_key, keyed.day_key) AS same_key_impressions,
    sum(keyed.position_sum) OVER (PARTITION BY keyed.dimension_key, keyed.day_key) AS same_key_position_sum
  FROM (
    SELECT
      performance.*,
      file.file_id,
      file.site_domain,
      file.provider,
      file.observed_on,
      concat(
        performance.dimension_set, '|', coalesce(performance.query, ''), '|', coalesce(performance.page_url, ''), '|',
        coalesce(performance.device, ''), '|', coalesce(performance.country, ''), '|',
        coalesce(performance.appearance, '')
      ) AS dimension_key,
      concat(
        coalesce(CAST(performance.performed_on AS VARCHAR), ''), '|',
        coalesce(CAST(performance.starts_on AS VARCHAR), ''), '|',
        coalesce(CAST(performance.ends_on AS VARCHAR), ''), '|',
        coalesce(performance.period_name, '')
      ) AS day_key
    FROM arrived.performance AS performance
    CROSS JOIN arrived.file AS file
  ) AS keyed
) AS said
WHERE said.place = 1
