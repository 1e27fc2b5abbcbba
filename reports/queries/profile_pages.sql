-- The pages that domains with arranged links lead to, and how those pages did around the turn: means of the $level_days
-- before it and from it on. The site's other pages that are followed stand beside them, summed.
WITH asked AS (SELECT unnest($asked, recursive := true)),
led AS (
  SELECT
    links.site_domain, coalesce(nullif(pages.target_path, ''), '/') AS page_path, links.source_domain,
    bool_or(domains.origin IN ('bought', 'exchanged', 'guest_post', 'link_programme')) AS is_arranged,
    min(links.first_seen_on) AS first_on
  FROM staging.links AS links
  JOIN asked ON asked.site_domain = links.site_domain
  JOIN signals.domain_origins AS domains
    ON domains.site_domain = links.site_domain AND domains.provider = links.provider
    AND domains.source_domain = links.source_domain
  JOIN signals.linked_pages AS pages
    ON pages.site_domain = links.site_domain AND pages.target_url = links.target_url
  GROUP BY 1, 2, 3
),
counted AS (
  SELECT
    site_domain, page_path, count(*) AS domain_count, count(*) FILTER (is_arranged) AS arranged_count,
    min(first_on) FILTER (is_arranged) AS first_on, max(first_on) FILTER (is_arranged) AS last_on
  FROM led
  GROUP BY site_domain, page_path
  HAVING arranged_count > 0
),
levels AS (
  SELECT
    series.site_domain, series.segment, series.provider,
    round(avg(visibility) FILTER (day < turn_on), 6) AS before_visibility,
    round(avg(visibility) FILTER (day >= turn_on), 6) AS after_visibility,
    round(avg(position) FILTER (day < turn_on), 6) AS before_position,
    round(avg(position) FILTER (day >= turn_on), 6) AS after_position
  FROM signals.visibility AS series
  JOIN asked ON asked.site_domain = series.site_domain
  WHERE series.segment_kind = 'page' AND series.day <= $as_of
    AND date_diff('day', asked.turn_on, series.day) BETWEEN -$level_days AND $level_days - 1
  GROUP BY series.site_domain, series.segment, series.provider
),
followed AS (
  SELECT site_domain, provider
  FROM levels
  GROUP BY site_domain, provider
  QUALIFY row_number() OVER (
    PARTITION BY site_domain ORDER BY provider <> 'search_console', count(*) DESC, provider
  ) = 1
),
known AS (
  SELECT levels.* FROM levels JOIN followed USING (site_domain, provider)
),
others AS (
  SELECT
    known.site_domain, round(sum(known.before_visibility), 6) AS other_before,
    round(sum(known.after_visibility), 6) AS other_after,
    count(*) AS other_count
  FROM known
  LEFT JOIN counted ON counted.site_domain = known.site_domain AND known.segment = concat('page:', counted.page_path)
  WHERE known.before_visibility IS NOT NULL AND known.after_visibility IS NOT NULL AND counted.page_path IS NULL
  GROUP BY known.site_domain
)
SELECT
  counted.site_domain, counted.page_path, counted.domain_count, counted.arranged_count, counted.first_on,
  counted.last_on, count(*) OVER (PARTITION BY counted.site_domain) AS page_count, followed.provider,
  known.before_visibility, known.after_visibility, known.before_position, known.after_position, others.other_before,
  others.other_after, others.other_count
FROM counted
LEFT JOIN followed ON followed.site_domain = counted.site_domain
LEFT JOIN known ON known.site_domain = counted.site_domain AND known.segment = concat('page:', counted.page_path)
LEFT JOIN others ON others.site_domain = counted.site_domain
QUALIFY row_number() OVER (
  PARTITION BY counted.site_domain ORDER BY counted.arranged_count DESC, counted.domain_count DESC, counted.page_path
) <= $most_pages
ORDER BY counted.site_domain, counted.arranged_count DESC, counted.domain_count DESC, counted.page_path
