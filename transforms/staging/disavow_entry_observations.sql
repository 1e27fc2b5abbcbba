-- staging.disavow_entry_observations: what one disavow file lists.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.entry_kind,
  said.entry,
  said.note,
  said.row_number,
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
      PARTITION BY listed.entry_kind, listed.entry
      ORDER BY listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.entry_kind, listed.entry) AS same_key_count
  FROM arrived.disavow_entries AS listed
  CROSS JOIN arrived.file AS file
) AS said
WHERE said.key_place = 1
