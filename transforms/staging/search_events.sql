-- staging.search_events: updates, data breaks and notes that had begun by the as_of day; an end later than it is not
-- yet known and is null. The day on which a calendar was written is left aside on purpose: an update was public on
-- the day it happened, whenever our file was made. Of several files the newest one wins per event (by the day the
-- ledger gives the file, then by file_id), but for the end: lists that give first days only take no end away, so it is
-- that of the newest file that has one. Superseded files are not looked at.
WITH ordered AS (
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
    ) AS newest_first,
    row_number() OVER (
      PARTITION BY events.event_id
      ORDER BY
        CASE WHEN events.ends_on IS NULL THEN 1 ELSE 0 END,
        coalesce(files.exported_on, events.observed_on) DESC,
        events.file_id DESC
    ) AS ended_first
  FROM staging.event_observations AS events
  LEFT JOIN ingest.export_files AS files ON events.file_id = files.file_id
  WHERE files.superseded_by IS NULL
)

SELECT
  newest.event_id,
  newest.kind,
  newest.site_domain,
  newest.name,
  newest.starts_on,
  CASE WHEN ended.ends_on <= $as_of AND ended.ends_on >= newest.starts_on THEN ended.ends_on END AS ends_on,
  newest.scope,
  newest.source
FROM ordered AS newest
INNER JOIN ordered AS ended ON newest.event_id = ended.event_id AND ended.ended_first = 1
WHERE newest.newest_first = 1 AND newest.starts_on <= $as_of
