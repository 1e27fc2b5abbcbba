-- correlation.recovery_events: what happened on the way back, from the day after a drop began until it was made good
-- (or the as_of day): what the team noted, updates, disavow files that differ from the one before, and links that are
-- gone. They are told in order of day and not as causes: what came before a recovery need not have brought it.
WITH fallen AS (
  SELECT
    as_of,
    drop_id,
    site_domain,
    starts_on,
    recovered_on,
    coalesce(recovered_on, as_of) AS until_on
  FROM drops.ranking_drops
  WHERE as_of = $as_of
),

noted AS (
  SELECT
    event_id,
    kind,
    site_domain,
    name,
    starts_on,
    'calendar' AS told_by
  FROM staging.search_events
  WHERE kind IN ('manual_action', 'site_change', 'link_removal', 'disavow', 'reconsideration')
    OR (kind = 'update' AND NOT contains($ignored_scopes, concat('|', lower(coalesce(scope, 'any')), '|')))
),

disavow_observed AS (
  SELECT
    said.site_domain,
    said.observed_on,
    said.file_id,
    count(*) AS item_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.observed_on
      ORDER BY coalesce(max(files.path), '') DESC, said.file_id DESC
    ) AS last_first
  FROM staging.disavow_entry_observations AS said
  LEFT JOIN ingest.export_files AS files ON said.file_id = files.file_id
  WHERE said.observed_on <= $as_of AND files.superseded_by IS NULL
  GROUP BY said.site_domain, said.observed_on, said.file_id
),

-- Of several files of a day the last one stands, as in staging.disavow_entries.
disavow_days AS (
  SELECT
    site_domain,
    observed_on,
    file_id,
    item_count,
    row_number() OVER (PARTITION BY site_domain ORDER BY observed_on) AS place
  FROM disavow_observed
  WHERE last_first = 1
),

-- A file that is read again and lists what the one before listed is no event: nothing was handed over.
disavow_files AS (
  SELECT listed.site_domain, listed.observed_on, listed.item_count
  FROM disavow_days AS listed
  INNER JOIN staging.disavow_entry_observations AS said
    ON listed.site_domain = said.site_domain AND listed.file_id = said.file_id
  LEFT JOIN disavow_days AS before
    ON listed.site_domain = before.site_domain AND listed.place = before.place + 1
  LEFT JOIN staging.disavow_entry_observations AS earlier
    ON before.site_domain = earlier.site_domain
    AND before.file_id = earlier.file_id
    AND said.entry_kind = earlier.entry_kind
    AND said.entry = earlier.entry
  GROUP BY listed.site_domain, listed.observed_on, listed.item_count, before.item_count
  HAVING count(earlier.entry) < listed.item_count OR listed.item_count <> coalesce(before.item_count, 0)
),

losses AS (
  SELECT
    fallen.drop_id,
    daily.provider,
    min(daily.day) AS first_on,
    sum(daily.lost_domain_count) AS item_count
  FROM fallen
  INNER JOIN signals.daily_links AS daily
    ON fallen.site_domain = daily.site_domain
    AND daily.day > fallen.starts_on
    AND daily.day <= fallen.until_on
  WHERE daily.lost_domain_count > 0 AND daily.origin IN ('bought', 'exchanged', 'guest_post', 'link_programme')
  GROUP BY fallen.drop_id, daily.provider
),

most_lost AS (
  SELECT
    drop_id,
    provider,
    first_on,
    item_count,
    row_number() OVER (PARTITION BY drop_id ORDER BY item_count DESC, provider) AS most_first
  FROM losses
),

happened AS (
  SELECT
    fallen.drop_id,
    noted.event_id,
    noted.kind,
    noted.name,
    noted.starts_on AS happened_on,
    noted.told_by,
    CAST(NULL AS BIGINT) AS item_count
  FROM fallen
  INNER JOIN noted
    ON (noted.site_domain IS NULL OR fallen.site_domain = noted.site_domain)
    AND noted.starts_on > fallen.starts_on
    AND noted.starts_on <= fallen.until_on
  UNION ALL
  SELECT
    fallen.drop_id,
    concat('disavow-file-', CAST(disavow_files.observed_on AS VARCHAR)) AS event_id,
    'disavow' AS kind,
    NULL AS name,
    disavow_files.observed_on AS happened_on,
    'disavow_file' AS told_by,
    disavow_files.item_count
  FROM fallen
  INNER JOIN disavow_files
    ON fallen.site_domain = disavow_files.site_domain
    AND disavow_files.observed_on > fallen.starts_on
    AND disavow_files.observed_on <= fallen.until_on
  UNION ALL
  SELECT
    drop_id,
    concat('links-gone-', provider) AS event_id,
    'link_removal' AS kind,
    NULL AS name,
    first_on AS happened_on,
    provider AS told_by,
    item_count
  FROM most_lost
  WHERE most_first = 1
)

SELECT
  fallen.as_of,
  fallen.drop_id,
  happened.event_id,
  fallen.site_domain,
  happened.kind,
  happened.name,
  happened.happened_on,
  date_diff('day', fallen.starts_on, happened.happened_on) AS days_since_start,
  CASE
    WHEN fallen.recovered_on IS NOT NULL THEN date_diff('day', happened.happened_on, fallen.recovered_on)
  END AS days_to_recovery,
  happened.item_count,
  happened.told_by
FROM fallen
INNER JOIN happened ON fallen.drop_id = happened.drop_id
