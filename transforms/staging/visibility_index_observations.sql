-- staging.visibility_index_observations: what one export said of a provider's index or estimate of the site; a file without days speaks of the day
-- of the export.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.metric,
  said.country,
  said.device,
  coalesce(said.measured_on, said.observed_on) AS measured_on,
  said.visibility,
  said.observed_on,
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    listed.*,
    file.file_id,
    file.site_domain,
    file.provider,
    file.observed_on,
    row_number() OVER (
      PARTITION BY listed.metric, coalesce(listed.country, ''), coalesce(listed.device, ''), coalesce(listed.measured_on, file.observed_on)
      ORDER BY listed.row_number
    ) AS key_place,
    count(*) OVER (
      PARTITION BY listed.metric, coalesce(listed.country, ''), coalesce(listed.device, ''), coalesce(listed.measured_on, file.observed_on)
    ) AS same_key_count
  FROM arrived.visibility AS listed
  CROSS JOIN arrived.file AS file
) AS said
WHERE said.key_place = 1
