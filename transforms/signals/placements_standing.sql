-- signals.placements_standing: whether each link that the team placed is seen, and whether it still stands.
-- Pages are matched leniently, as in signals.told_links. Where the placement names a page of the site and a link from
-- there leads to it, only such links count; else any link from there to the site does. Lost needs every provider that
-- saw it to say so: one provider alone drops links that others still find.
WITH placed AS (
  SELECT
    site_domain,
    source_url,
    source_domain,
    target_url,
    kind,
    campaign,
    placed_on,
    removed_on,
    CASE
      WHEN substring(source_host, 1, 4) = 'www.' AND contains(substring(source_host, 5), '.')
        THEN substring(source_host, 5)
      ELSE source_host
    END AS bare_host,
    rtrim(regexp_extract(source_url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/') AS page,
    rtrim(regexp_extract(target_url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/') AS target
  FROM (
    SELECT
      placements.*,
      row_number() OVER (
        PARTITION BY site_domain, source_url, target_url
        ORDER BY observed_on DESC, provider
      ) AS newest_first
    FROM staging.placements AS placements
  ) AS known
  WHERE newest_first = 1
),

hosts AS (
  SELECT DISTINCT
    host,
    CASE
      WHEN substring(host, 1, 4) = 'www.' AND contains(substring(host, 5), '.') THEN substring(host, 5)
      ELSE host
    END AS bare_host
  FROM staging.hosts
),

named_hosts AS (
  SELECT host, bare_host
  FROM hosts
  WHERE bare_host IN (SELECT bare_host FROM placed)
),

seen AS (
  SELECT
    links.site_domain,
    links.provider,
    named_hosts.bare_host,
    rtrim(regexp_extract(links.source_url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/') AS page,
    rtrim(regexp_extract(links.target_url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/') AS target,
    coalesce(links.first_seen_on, links.first_observed_on) AS first_seen_on,
    coalesce(links.last_seen_on, links.lost_on, links.observed_on) AS last_seen_on,
    links.lost_on
  FROM staging.links AS links
  INNER JOIN named_hosts ON links.source_host = named_hosts.host
),

matches AS (
  SELECT
    placed.site_domain,
    placed.source_url,
    placed.target_url,
    seen.provider,
    seen.first_seen_on,
    seen.last_seen_on,
    seen.lost_on,
    dense_rank() OVER (
      PARTITION BY placed.site_domain, placed.source_url, placed.target_url
      ORDER BY CASE WHEN placed.target = seen.target THEN 0 ELSE 1 END
    ) AS nearest_first
  FROM placed
  INNER JOIN seen
    ON placed.site_domain = seen.site_domain AND placed.bare_host = seen.bare_host AND placed.page = seen.page
),

standing AS (
  SELECT
    site_domain,
    source_url,
    target_url,
    count(DISTINCT provider) AS provider_count,
    min(first_seen_on) AS first_seen_on,
    max(last_seen_on) AS last_seen_on,
    CASE WHEN count(lost_on) = count(*) THEN max(lost_on) END AS lost_on
  FROM matches
  WHERE nearest_first = 1
  GROUP BY site_domain, source_url, target_url
)

SELECT
  placed.site_domain,
  placed.source_url,
  placed.source_domain,
  placed.target_url,
  placed.kind,
  placed.campaign,
  placed.placed_on,
  placed.removed_on,
  standing.provider_count IS NOT NULL AS is_seen,
  CAST(coalesce(standing.provider_count, 0) AS BIGINT) AS provider_count,
  standing.first_seen_on,
  standing.last_seen_on,
  standing.lost_on IS NOT NULL AS is_lost,
  standing.lost_on
FROM placed
LEFT JOIN standing
  ON placed.site_domain = standing.site_domain
  AND placed.source_url = standing.source_url
  AND coalesce(placed.target_url, '') = coalesce(standing.target_url, '')
