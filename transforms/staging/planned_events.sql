-- staging.planned_events: events that begin after the as_of day and that a calendar written by that day names. Unlike
-- what has happened (search_events), a plan is known only from the day on which it was written down: observed_on. A
-- file counts until the one that took its place was written. Of several files the newest wins, then the largest
-- file_id.
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
    events.observed_on,
    row_number() OVER (
      PARTITION BY events.event_id
      ORDER BY events.observed_on DESC, events.file_id DESC
    ) AS newest_first
  FROM staging.event_observations AS events
  LEFT JOIN ingest.export_files AS files ON events.file_id = files.file_id
  LEFT JOIN ingest.export_files AS successors ON files.superseded_by = successors.file_id
  WHERE events.observed_on <= $as_of
    AND (files.superseded_by IS NULL OR successors.exported_on > $as_of)
)

SELECT
  event_id,
  kind,
  site_domain,
  name,
  starts_on,
  ends_on,
  scope,
  source
FROM ordered
WHERE newest_first = 1 AND starts_on > $as_of
