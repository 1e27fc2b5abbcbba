-- staging.event_observations: what one calendar or note said of each event.
-- An event of all sites is public from its first day on, whenever the calendar was written down.
SELECT
  said.file_id,
  said.event_id,
  said.kind,
  said.site_domain,
  said.name,
  said.starts_on,
  said.ends_on,
  said.scope,
  said.source,
  CASE WHEN said.starts_on < said.observed_on THEN said.starts_on ELSE said.observed_on END AS observed_on
FROM (
  SELECT
    event.*,
    file.file_id,
    file.observed_on,
    row_number() OVER (PARTITION BY event.event_id ORDER BY event.row_number) AS place
  FROM arrived.events AS event
  CROSS JOIN arrived.file AS file
) AS said
WHERE said.place = 1
