-- staging.labels: what people judged of links and domains, as known on the as_of day.
-- A list is kept up at one path: of its contents the one read last speaks, of those that were there by the as_of day;
-- where none was, the first one, whose rows may be older than the file. Of several judgements of one subject the
-- allow-list comes first, then the newest day, then the later file and row; those that say otherwise are counted.
-- Superseded files are not looked at.
WITH said AS (
  SELECT
    label.*,
    coalesce(ledger.exported_on, label.observed_on) AS file_observed_on,
    coalesce(ledger.path, '') AS path,
    coalesce(ledger.path, label.file_id) AS list_name,
    ledger.ingested_at
  FROM staging.label_observations AS label
  LEFT JOIN ingest.export_files AS ledger ON label.file_id = ledger.file_id
  WHERE ledger.superseded_by IS NULL
),

ordered AS (
  SELECT
    said.*,
    dense_rank() OVER (
      PARTITION BY list_name
      ORDER BY
        CASE WHEN file_observed_on <= $as_of THEN 0 ELSE 1 END,
        CASE WHEN file_observed_on <= $as_of THEN ingested_at END DESC,
        ingested_at,
        file_id DESC
    ) AS content_place
  FROM said
),

judged AS (
  SELECT
    ordered.*,
    row_number() OVER (
      PARTITION BY site_domain, subject_kind, subject_key
      ORDER BY
        CASE WHEN origin = 'allowed' THEN 0 ELSE 1 END,
        observed_on DESC,
        file_observed_on DESC,
        path DESC,
        file_id DESC,
        row_number DESC
    ) AS newest_first,
    count(*) OVER (PARTITION BY site_domain, subject_kind, subject_key) AS judgement_count,
    count(*) OVER (PARTITION BY site_domain, subject_kind, subject_key, origin) AS agreeing_count
  FROM ordered
  WHERE content_place = 1 AND observed_on <= $as_of
)

SELECT
  site_domain,
  subject_kind,
  subject_key,
  subject_domain,
  subject,
  origin,
  labelled_by,
  labelled_on,
  note,
  observed_on,
  CAST(judgement_count - agreeing_count AS BIGINT) AS contradiction_count
FROM judged
WHERE newest_first = 1
