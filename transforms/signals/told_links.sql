-- signals.told_links: what the team itself says of a link: labels, allow-list, placements, disavow file.
--
-- A page is matched leniently: without scheme, www., trailing slash and fragment. A domain entry matches links by their
-- registrable domain, or, where it names a host (of a platform, say), by that host alone. The strongest speaks: allow-
-- list, label of the link, label of its domain (of the host before the domain), placement, disavow entry of the page,
-- of the domain; of equals the one for this site before one for all sites, then the newest.
--
-- Only links on hosts that some entry names are looked at, and entries are ranked, not links: the work follows what the
-- team wrote, not what exports list.
WITH said AS (
  SELECT
    'label' AS said_in,
    site_domain,
    subject_kind AS entry_kind,
    subject_key AS entry_key,
    origin,
    labelled_by,
    labelled_on AS said_on,
    CAST(NULL AS VARCHAR) AS campaign
  FROM staging.labels

  UNION ALL

  SELECT
    'label' AS said_in,
    site_domain,
    'domain' AS entry_kind,
    allowed_domain AS entry_key,
    'allowed' AS origin,
    CAST(NULL AS VARCHAR) AS labelled_by,
    CAST(NULL AS DATE) AS said_on,
    CAST(NULL AS VARCHAR) AS campaign
  FROM ingest.allowed_domains

  UNION ALL

  SELECT
    said_in,
    site_domain,
    entry_kind,
    CASE
      WHEN substring(host, 1, 4) = 'www.' AND contains(substring(host, 5), '.') THEN substring(host, 5)
      ELSE host
    END
    || CASE
      WHEN entry_kind = 'domain' THEN ''
      ELSE rtrim(regexp_extract(url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/')
    END AS entry_key,
    origin,
    CAST(NULL AS VARCHAR) AS labelled_by,
    said_on,
    campaign
  FROM (
    SELECT
      'placement' AS said_in,
      site_domain,
      'link' AS entry_kind,
      source_host AS host,
      source_url AS url,
      CASE WHEN kind IN ('bought', 'exchanged', 'guest_post', 'link_programme') THEN kind END AS origin,
      placed_on AS said_on,
      campaign
    FROM staging.placements

    UNION ALL

    SELECT
      'disavow' AS said_in,
      site_domain,
      CASE WHEN entry_kind = 'domain' THEN 'domain' ELSE 'link' END AS entry_kind,
      lower(regexp_extract(entry, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?([^/?#:]*)', 1)) AS host,
      entry AS url,
      CAST(NULL AS VARCHAR) AS origin,
      observed_on AS said_on,
      CAST(NULL AS VARCHAR) AS campaign
    FROM staging.disavow_entries
  ) AS lists
),

entries AS (
  SELECT
    said.*,
    split_part(split_part(entry_key, '/', 1), '?', 1) AS entry_host,
    said_in = 'label' AND coalesce(origin, '') = 'allowed' AS is_allowing,
    row_number() OVER (
      ORDER BY
        CASE
          WHEN said_in = 'label' AND origin = 'allowed' THEN 1
          WHEN said_in = 'label' AND entry_kind = 'link' THEN 2
          WHEN said_in = 'label' THEN 3
          WHEN said_in = 'placement' THEN 4
          WHEN entry_kind = 'link' THEN 5
          ELSE 6
        END,
        length(entry_key) DESC,
        CASE WHEN site_domain IS NULL THEN 1 ELSE 0 END,
        coalesce(said_on, DATE '1970-01-01') DESC,
        entry_key,
        coalesce(site_domain, ''),
        coalesce(origin, ''),
        coalesce(campaign, ''),
        coalesce(labelled_by, '')
    ) AS place
  FROM said
),

hosts AS (
  SELECT DISTINCT
    host,
    domain,
    CASE
      WHEN substring(host, 1, 4) = 'www.' AND contains(substring(host, 5), '.') THEN substring(host, 5)
      ELSE host
    END AS bare_host
  FROM staging.hosts
),

page_hosts AS (
  SELECT DISTINCT entry_host
  FROM entries
  WHERE entry_kind = 'link'
),

domain_keys AS (
  SELECT DISTINCT entry_key
  FROM entries
  WHERE entry_kind = 'domain'
),

named_hosts AS (
  SELECT
    hosts.host,
    hosts.domain,
    hosts.bare_host,
    page_hosts.entry_host IS NOT NULL AS has_pages
  FROM hosts
  LEFT JOIN page_hosts ON hosts.bare_host = page_hosts.entry_host
  LEFT JOIN domain_keys AS by_domain ON hosts.domain = by_domain.entry_key
  LEFT JOIN domain_keys AS by_host ON hosts.bare_host = by_host.entry_key
  WHERE page_hosts.entry_host IS NOT NULL OR by_domain.entry_key IS NOT NULL OR by_host.entry_key IS NOT NULL
),

candidates AS (
  SELECT
    links.link_id,
    links.site_domain,
    links.provider,
    named_hosts.host,
    named_hosts.domain,
    named_hosts.bare_host,
    named_hosts.has_pages,
    CASE WHEN named_hosts.has_pages THEN links.source_url END AS source_url
  FROM staging.links AS links
  INNER JOIN named_hosts ON links.source_host = named_hosts.host
),

-- Entries for whole domains and hosts are matched to hosts, which are few.
host_entries AS (
  SELECT named_hosts.host, entries.place, entries.site_domain, entries.said_in, entries.is_allowing
  FROM named_hosts
  INNER JOIN entries ON named_hosts.domain = entries.entry_key AND entries.entry_kind = 'domain'

  UNION ALL

  SELECT named_hosts.host, entries.place, entries.site_domain, entries.said_in, entries.is_allowing
  FROM named_hosts
  INNER JOIN entries ON named_hosts.bare_host = entries.entry_key AND entries.entry_kind = 'domain'
  WHERE named_hosts.bare_host <> named_hosts.domain
),

matches AS (
  SELECT
    pages.link_id,
    pages.site_domain,
    pages.provider,
    pages.domain,
    entries.place,
    entries.said_in,
    entries.is_allowing,
    entries.campaign
  FROM (
    SELECT
      candidates.*,
      bare_host
      || rtrim(regexp_extract(source_url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/') AS page_key
    FROM candidates
    WHERE has_pages
  ) AS pages
  INNER JOIN entries ON pages.page_key = entries.entry_key AND entries.entry_kind = 'link'
  WHERE entries.site_domain IS NULL OR entries.site_domain = pages.site_domain

  UNION ALL

  SELECT
    candidates.link_id,
    candidates.site_domain,
    candidates.provider,
    candidates.domain,
    host_entries.place,
    host_entries.said_in,
    host_entries.is_allowing,
    CAST(NULL AS VARCHAR) AS campaign
  FROM candidates
  INNER JOIN host_entries ON candidates.host = host_entries.host
  WHERE host_entries.site_domain IS NULL OR host_entries.site_domain = candidates.site_domain
),

told AS (
  SELECT
    link_id,
    site_domain,
    provider,
    domain,
    min(place) AS place,
    max(CASE WHEN is_allowing THEN 1 ELSE 0 END) = 1 AS is_allowed,
    max(CASE WHEN said_in = 'placement' THEN 1 ELSE 0 END) = 1 AS is_declared,
    max(campaign) AS campaign,
    max(CASE WHEN said_in = 'disavow' THEN 1 ELSE 0 END) = 1 AS is_disavowed
  FROM matches
  GROUP BY link_id, site_domain, provider, domain
)

SELECT
  told.link_id,
  told.site_domain,
  told.provider,
  told.domain AS source_domain,
  CASE
    WHEN entries.is_allowing THEN 'allow_list'
    WHEN entries.said_in = 'placement' THEN 'placement'
    ELSE entries.said_in || '_' || entries.entry_kind
  END AS told_by,
  CASE WHEN entries.origin <> 'allowed' THEN entries.origin END AS told_origin,
  entries.said_on AS told_on,
  entries.entry_key AS told_subject,
  entries.labelled_by AS label_who,
  told.is_allowed,
  told.is_declared,
  told.campaign,
  told.is_disavowed
FROM told
INNER JOIN entries ON told.place = entries.place
