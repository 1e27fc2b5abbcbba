-- signals.domain_edges: who links to whom as the exports of each monitored site tell it, by registrable domain.
--
-- A day counts only where it can say when a link came to be. A crawl finds all it finds on one day, so a day on which
-- a large part of the dated domains was first seen, and the first day of all when it has several, says nothing. A
-- crawl of the site's own pages gives no days; there a domain is dated by the crawl that first has it when a crawl not
-- long before, of like size, lacked it.
WITH known_files AS (
  SELECT file_id, path
  FROM ingest.export_files
  WHERE status = 'loaded' AND superseded_by IS NULL AND exported_on <= $as_of
),

crawled AS (
  SELECT said.site_domain, said.provider, said.target_domain, said.observed_on
  FROM staging.outlink_observations AS said
  INNER JOIN known_files ON said.file_id = known_files.file_id
  WHERE said.observed_on <= $as_of
  GROUP BY said.site_domain, said.provider, said.target_domain, said.observed_on
),

crawls AS (
  SELECT
    site_domain,
    provider,
    observed_on,
    domain_count,
    max(observed_on) OVER (
      PARTITION BY site_domain, provider ORDER BY observed_on ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING
    ) AS previous_on,
    max(domain_count) OVER (
      PARTITION BY site_domain, provider ORDER BY observed_on ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING
    ) AS previous_count
  FROM (
    SELECT site_domain, provider, observed_on, count(*) AS domain_count
    FROM crawled
    GROUP BY site_domain, provider, observed_on
  ) AS counted
),

-- domains that a crawl added to what a crawl of like size had found shortly before
added AS (
  SELECT firsts.site_domain, firsts.provider, firsts.target_domain, firsts.observed_on AS added_on
  FROM (
    SELECT site_domain, provider, target_domain, min(observed_on) AS observed_on
    FROM crawled
    GROUP BY site_domain, provider, target_domain
  ) AS firsts
  INNER JOIN crawls
    ON firsts.site_domain = crawls.site_domain
    AND firsts.provider = crawls.provider
    AND firsts.observed_on = crawls.observed_on
  WHERE date_diff('day', crawls.previous_on, crawls.observed_on) <= $swap_days
    AND crawls.previous_count >= $like_crawl_share * crawls.domain_count
),

links_out AS (
  SELECT
    site_domain,
    provider,
    target_domain,
    min(first_seen_on) AS first_seen_on,
    min(concat(source_url, ' ', target_url)) AS addresses
  FROM staging.outlinks
  GROUP BY site_domain, provider, target_domain
),

edges AS (
  SELECT
    site_domain,
    provider,
    'in' AS direction,
    source_domain AS other_domain,
    min(first_seen_on) AS first_seen_on,
    CAST(NULL AS DATE) AS added_on,
    CASE WHEN count(lost_on) = count(*) THEN max(lost_on) END AS lost_on,
    max(observed_on) AS observed_on,
    CAST(NULL AS VARCHAR) AS addresses,
    max(source_authority) AS authority
  FROM staging.links
  WHERE NOT coalesce(is_sponsored, FALSE)
  GROUP BY site_domain, provider, source_domain
  UNION ALL
  SELECT
    links_out.site_domain,
    links_out.provider,
    'out' AS direction,
    links_out.target_domain AS other_domain,
    links_out.first_seen_on,
    added.added_on,
    CAST(NULL AS DATE) AS lost_on,
    CAST(NULL AS DATE) AS observed_on,
    links_out.addresses,
    CAST(NULL AS DOUBLE) AS authority
  FROM links_out
  LEFT JOIN added
    ON links_out.site_domain = added.site_domain
    AND links_out.provider = added.provider
    AND links_out.target_domain = added.target_domain
  UNION ALL
  SELECT
    site_domain,
    provider,
    'out' AS direction,
    target_domain AS other_domain,
    min(first_seen_on) AS first_seen_on,
    CAST(NULL AS DATE) AS added_on,
    CAST(NULL AS DATE) AS lost_on,
    CAST(NULL AS DATE) AS observed_on,
    CAST(NULL AS VARCHAR) AS addresses,
    max(target_authority) AS authority
  FROM staging.linked_domains
  WHERE target_domain <> site_domain
  GROUP BY site_domain, provider, target_domain
),

days AS (
  SELECT
    site_domain,
    provider,
    direction,
    first_seen_on,
    count(*) AS day_count,
    sum(count(*)) OVER (PARTITION BY site_domain, provider, direction) AS dated_count,
    min(first_seen_on) OVER (PARTITION BY site_domain, provider, direction) AS first_on
  FROM edges
  WHERE first_seen_on IS NOT NULL
  GROUP BY site_domain, provider, direction, first_seen_on
),

telling_days AS (
  SELECT site_domain, provider, direction, first_seen_on
  FROM days
  WHERE NOT (day_count >= $crawl_day_count AND day_count >= $crawl_day_share * dated_count)
    AND NOT (first_seen_on = first_on AND day_count >= 2)
),

platforms (platform_domain) AS (
  VALUES
    ('facebook.com'), ('twitter.com'), ('x.com'), ('instagram.com'), ('youtube.com'), ('linkedin.com'),
    ('pinterest.com'), ('tiktok.com'), ('reddit.com'), ('google.com'), ('google.nl'), ('google.de'), ('google.fr'),
    ('google.es'), ('google.co.uk'), ('bing.com'), ('wikipedia.org'), ('amazon.com'), ('apple.com'), ('github.com'),
    ('vimeo.com'), ('whatsapp.com'), ('t.me'), ('yahoo.com'), ('medium.com'), ('trustpilot.com')
),

-- Judged by degree: its authority, which is made of the domains that link to it, or the monitored sites that do.
hubs AS (
  SELECT other_domain
  FROM edges
  GROUP BY other_domain
  HAVING
    max(authority) >= $hub_authority
    OR (
      count(DISTINCT CASE WHEN direction = 'out' THEN site_domain END) >= $hub_site_count
      AND count(DISTINCT CASE WHEN direction = 'out' THEN site_domain END) >= $hub_site_share * (
        SELECT count(DISTINCT told.site_domain) FROM edges AS told WHERE told.direction = 'out'
      )
    )
  UNION
  SELECT platform_domain
  FROM platforms
)

SELECT
  edges.site_domain,
  edges.provider,
  edges.direction,
  edges.other_domain,
  coalesce(telling_days.first_seen_on, edges.added_on) AS linked_on,
  edges.first_seen_on,
  edges.lost_on,
  edges.observed_on,
  edges.authority,
  split_part(edges.addresses, ' ', 1) AS page_url,
  split_part(edges.addresses, ' ', 2) AS target_url,
  hubs.other_domain IS NOT NULL AS is_hub
FROM edges
LEFT JOIN telling_days
  ON edges.site_domain = telling_days.site_domain
  AND edges.provider = telling_days.provider
  AND edges.direction = telling_days.direction
  AND edges.first_seen_on = telling_days.first_seen_on
LEFT JOIN hubs ON edges.other_domain = hubs.other_domain
