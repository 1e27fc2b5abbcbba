-- staging.search_events: updates, data breaks and notes that had begun by the as_of day; an end later than it is not
-- yet known and is null. The day on which a calendar was written is left aside on purpose: an update was public on
-- the day it happened, whenever our file was made. Of several files the newest one wins per event (by the day the
-- ledger gives the file, then by file_id); superseded files are not looked at.
SELECT
  event_id,
  kind,
  site_domain,
  name,
  starts_on,
  CASE WHEN ends_on <= $as_of THEN ends_on END AS ends_on,
  scope,
  source
FROM (
  SELECT
    events.event_id,
    events.kind,
    events.site_domain,
    events.name,
    events.starts_on,
    events.ends_on,
    events.scope,
    events.source,
    row_number() OVER (
      PARTITION BY events.event_id
      ORDER BY coalesce(files.exported_on, events.observed_on) DESC, events.file_id DESC
    ) AS newest_first
  FROM staging.event_observations AS events
  LEFT JOIN ingest.export_files AS files ON events.file_id = files.file_id
  WHERE files.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1 AND starts_on <= $as_of
