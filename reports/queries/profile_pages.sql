-- The pages that domains with arranged links lead to, and how those pages did around $turn_on: means of the $level_days
-- before it and from it on. The site's other pages that are followed stand beside them, summed.
WITH led AS (
  SELECT
    coalesce(nullif(pages.target_path, ''), '/') AS page_path, links.source_domain,
    bool_or(domains.origin IN ('bought', 'exchanged', 'guest_post', 'link_programme')) AS is_arranged,
    min(links.first_seen_on) AS first_on
  FROM staging.links AS links
  JOIN signals.domain_origins AS domains
    ON domains.site_domain = $site_domain AND domains.provider = links.provider
    AND domains.source_domain = links.source_domain
  JOIN signals.linked_pages AS pages ON pages.site_domain = $site_domain AND pages.target_url = links.target_url
  WHERE links.site_domain = $site_domain
  GROUP BY 1, links.source_domain
),
counted AS (
  SELECT
    page_path, count(*) AS domain_count, count(*) FILTER (is_arranged) AS arranged_count,
    min(first_on) FILTER (is_arranged) AS first_on, max(first_on) FILTER (is_arranged) AS last_on
  FROM led
  GROUP BY page_path
  HAVING arranged_count > 0
),
levels AS (
  SELECT
    segment, provider,
    avg(visibility) FILTER (day < CAST($turn_on AS DATE)) AS before_visibility,
    avg(visibility) FILTER (day >= CAST($turn_on AS DATE)) AS after_visibility,
    avg(position) FILTER (day < CAST($turn_on AS DATE)) AS before_position,
    avg(position) FILTER (day >= CAST($turn_on AS DATE)) AS after_position
  FROM signals.visibility
  WHERE site_domain = $site_domain AND segment_kind = 'page' AND day <= $as_of
    AND day BETWEEN CAST($turn_on AS DATE) - $level_days AND CAST($turn_on AS DATE) + $level_days - 1
  GROUP BY segment, provider
),
followed AS (
  SELECT provider FROM levels GROUP BY provider ORDER BY provider <> 'search_console', count(*) DESC, provider LIMIT 1
),
others AS (
  SELECT sum(before_visibility) AS other_before, sum(after_visibility) AS other_after, count(*) AS other_count
  FROM levels
  JOIN followed USING (provider)
  WHERE before_visibility IS NOT NULL AND after_visibility IS NOT NULL
    AND segment NOT IN (SELECT concat('page:', page_path) FROM counted)
)
SELECT
  counted.page_path, counted.domain_count, counted.arranged_count, counted.first_on, counted.last_on,
  count(*) OVER () AS page_count, (SELECT provider FROM followed) AS provider,
  levels.before_visibility, levels.after_visibility, levels.before_position, levels.after_position,
  others.other_before, others.other_after, others.other_count
FROM counted
LEFT JOIN levels
  ON levels.segment = concat('page:', counted.page_path) AND levels.provider = (SELECT provider FROM followed)
LEFT JOIN others ON true
ORDER BY counted.arranged_count DESC, counted.domain_count DESC, counted.page_path
LIMIT $most_pages
