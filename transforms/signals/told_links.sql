-- signals.told_links: what the team itself says of a link: labels, allow-list, placements, disavow file.
--
-- A page is matched leniently: without scheme, www., trailing slash and fragment. A domain entry matches links by their
-- registrable domain, or, where it names a host (of a platform, say), by that host alone. The strongest speaks: allow-
-- list, label of the link, label of its domain (of the host before the domain), placement, disavow entry of the page,
-- of the domain; of equals the one for this site before one for all sites, then the newest.
--
-- Only links on hosts that some entry names are looked at, so that the work follows the entries, not the links.
WITH entries AS (
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

-- UNION, for a host may be named by both.
named_hosts AS (
  SELECT host, domain, bare_host
  FROM hosts
  WHERE bare_host IN (SELECT split_part(split_part(entry_key, '/', 1), '?', 1) FROM entries)

  UNION

  SELECT host, domain, bare_host
  FROM hosts
  WHERE domain IN (SELECT entry_key FROM entries WHERE entry_kind = 'domain')
),

candidates AS (
  SELECT
    links.link_id,
    links.site_domain,
    links.provider,
    named_hosts.domain,
    named_hosts.bare_host,
    named_hosts.bare_host
    || rtrim(regexp_extract(links.source_url, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/')
      AS page_key
  FROM staging.links AS links
  INNER JOIN named_hosts ON links.source_host = named_hosts.host
),

matches AS (
  SELECT
    candidates.link_id,
    candidates.site_domain,
    candidates.provider,
    candidates.domain,
    entries.said_in,
    entries.site_domain AS entry_site,
    entries.entry_kind,
    entries.entry_key,
    entries.origin,
    entries.labelled_by,
    entries.said_on,
    entries.campaign
  FROM candidates
  INNER JOIN entries ON candidates.page_key = entries.entry_key AND entries.entry_kind = 'link'

  UNION ALL

  SELECT
    candidates.link_id,
    candidates.site_domain,
    candidates.provider,
    candidates.domain,
    entries.said_in,
    entries.site_domain AS entry_site,
    entries.entry_kind,
    entries.entry_key,
    entries.origin,
    entries.labelled_by,
    entries.said_on,
    entries.campaign
  FROM candidates
  INNER JOIN entries ON candidates.domain = entries.entry_key AND entries.entry_kind = 'domain'

  UNION ALL

  SELECT
    candidates.link_id,
    candidates.site_domain,
    candidates.provider,
    candidates.domain,
    entries.said_in,
    entries.site_domain AS entry_site,
    entries.entry_kind,
    entries.entry_key,
    entries.origin,
    entries.labelled_by,
    entries.said_on,
    entries.campaign
  FROM candidates
  INNER JOIN entries ON candidates.bare_host = entries.entry_key AND entries.entry_kind = 'domain'
  WHERE candidates.bare_host <> candidates.domain
),

ranked AS (
  SELECT
    matches.*,
    row_number() OVER (
      PARTITION BY link_id
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
        CASE WHEN entry_site IS NULL THEN 1 ELSE 0 END,
        coalesce(said_on, DATE '1970-01-01') DESC,
        entry_key,
        coalesce(origin, ''),
        coalesce(campaign, ''),
        coalesce(labelled_by, '')
    ) AS strongest_first
  FROM matches
  WHERE entry_site IS NULL OR entry_site = site_domain
),

flags AS (
  SELECT
    link_id,
    max(CASE WHEN said_in = 'label' AND origin = 'allowed' THEN 1 ELSE 0 END) = 1 AS is_allowed,
    max(CASE WHEN said_in = 'placement' THEN 1 ELSE 0 END) = 1 AS is_declared,
    max(CASE WHEN said_in = 'placement' THEN campaign END) AS campaign,
    max(CASE WHEN said_in = 'disavow' THEN 1 ELSE 0 END) = 1 AS is_disavowed
  FROM ranked
  GROUP BY link_id
)

SELECT
  ranked.link_id,
  ranked.site_domain,
  ranked.provider,
  ranked.domain AS source_domain,
  CASE
    WHEN ranked.said_in = 'label' AND ranked.origin = 'allowed' THEN 'allow_list'
    WHEN ranked.said_in = 'placement' THEN 'placement'
    ELSE ranked.said_in || '_' || ranked.entry_kind
  END AS told_by,
  CASE WHEN ranked.origin <> 'allowed' THEN ranked.origin END AS told_origin,
  ranked.said_on AS told_on,
  ranked.entry_key AS told_subject,
  ranked.labelled_by AS label_who,
  flags.is_allowed,
  flags.is_declared,
  flags.campaign,
  flags.is_disavowed
FROM ranked
INNER JOIN flags ON ranked.link_id = flags.link_id
WHERE ranked.strongest_first = 1
