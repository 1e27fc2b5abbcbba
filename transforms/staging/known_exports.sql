-- staging.known_exports: the exports of links that count on the as_of day, in the order in which they were made: by day,
-- then path, then file_id, so that the order of loading does not matter. is_only asks for every export ever loaded, also
-- later and superseded ones: texts of a link may stand in those.
SELECT
  loaded.file_id,
  loaded.site_domain,
  loaded.provider,
  loaded.exported_on AS observed_on,
  row_number() OVER (ORDER BY loaded.exported_on, loaded.path, loaded.file_id) AS file_order,
  coalesce(loaded.is_complete, FALSE) AS is_complete,
  (loaded.loaded_count_of_series = 1) AS is_only
FROM (
  SELECT
    ledger.*,
    count(*) OVER (PARTITION BY ledger.site_domain, ledger.provider) AS loaded_count_of_series
  FROM ingest.export_files AS ledger
  INNER JOIN (SELECT DISTINCT file_id FROM staging.link_observations) AS said ON ledger.file_id = said.file_id
  WHERE ledger.status = 'loaded'
) AS loaded
WHERE loaded.exported_on <= $as_of AND loaded.superseded_by IS NULL
