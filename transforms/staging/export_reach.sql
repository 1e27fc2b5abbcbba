-- staging.export_reach: how far back each export that counts still shows links that are gone, and links last seen long
-- ago. What is lost without a day counts by the day of its last sight; a day later than the export (time zones) by none.
SELECT
  export.file_id,
  export.site_domain,
  export.provider,
  export.observed_on,
  reach.link_count,
  reach.lost_count,
  date_diff('day', reach.oldest_lost_on, export.observed_on) AS lost_reach_days,
  date_diff('day', reach.oldest_last_seen_on, export.observed_on) AS last_seen_reach_days,
  max(
    CASE
      WHEN reach.link_count >= $least_links_of_reach THEN date_diff('day', reach.oldest_lost_on, export.observed_on)
    END
  ) OVER (PARTITION BY export.provider) AS provider_lost_reach_days,
  max(
    CASE
      WHEN reach.link_count >= $least_links_of_reach THEN date_diff('day', reach.oldest_last_seen_on, export.observed_on)
    END
  ) OVER (PARTITION BY export.provider) AS provider_last_seen_reach_days
FROM (
  SELECT
    file_id,
    count(*) AS link_count,
    sum(CASE WHEN is_lost OR lost_on IS NOT NULL THEN 1 ELSE 0 END) AS lost_count,
    min(
      CASE
        WHEN lost_on <= observed_on THEN lost_on
        WHEN lost_on IS NULL AND is_lost AND last_seen_on <= observed_on THEN last_seen_on
      END
    ) AS oldest_lost_on,
    min(CASE WHEN last_seen_on <= observed_on THEN last_seen_on END) AS oldest_last_seen_on
  FROM staging.link_observations
  GROUP BY file_id
) AS reach
INNER JOIN staging.known_exports AS export ON reach.file_id = export.file_id
