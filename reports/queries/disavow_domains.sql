-- Every referring domain of these sites with a link that resembles arranged links, surely or not, or is allowed: its links
-- counted by what a disavowal would mean for them, the strongest of them, and why it is read so. A link is a page and
-- the page of the site it leads to, whichever providers list it; of their readings the most probable counts.
WITH listed AS (
  SELECT
    origins.site_domain, origins.link_number, links.link_id, origins.rule_set, origins.provider, origins.source_domain,
    links.source_url, links.target_url, links.anchor_text, origins.origin, origins.probability, origins.told_by,
    links.source_authority, links.first_seen_on, links.lost_on,
    coalesce(links.is_nofollow, FALSE) OR coalesce(links.is_sponsored, FALSE) OR coalesce(links.is_ugc, FALSE)
      AS is_marked,
    coalesce(told.is_allowed, FALSE) AS is_allowed,
    coalesce(told.is_declared, FALSE) AS is_declared,
    told.told_origin, told.told_subject, told.told_on, told.label_who,
    row_number() OVER (
      PARTITION BY origins.site_domain, links.source_url, links.target_url
      ORDER BY origins.probability DESC, origins.provider, links.link_id
    ) AS place
  FROM signals.link_origins AS origins
  JOIN staging.links AS links ON links.link_number = origins.link_number
  LEFT JOIN signals.told_links AS told ON told.link_id = links.link_id AND told.site_domain = origins.site_domain
  WHERE list_contains($sites, origins.site_domain)
),
together AS (
  SELECT
    site_domain, source_url, target_url, min(first_seen_on) AS first_seen_on,
    CASE WHEN bool_and(lost_on IS NOT NULL) THEN max(lost_on) END AS lost_on,
    bool_or(is_marked) AS is_marked, bool_or(is_allowed) AS is_allowed, bool_or(is_declared) AS is_declared
  FROM listed
  GROUP BY site_domain, source_url, target_url
),
links AS (
  SELECT
    listed.* EXCLUDE (first_seen_on, lost_on, is_marked, is_allowed, is_declared, place),
    together.* EXCLUDE (site_domain, source_url, target_url),
    list_contains($origins, listed.origin) AND listed.probability >= $least_probability AND NOT together.is_allowed
      AS is_arranged,
    CASE
      WHEN together.is_allowed THEN 'allowed'
      WHEN together.lost_on IS NOT NULL THEN 'lost'
      WHEN together.is_marked THEN 'marked'
      WHEN list_contains($origins, listed.origin) AND listed.probability >= $least_probability THEN 'open'
      WHEN list_contains($origins, listed.origin) THEN 'unsure'
      ELSE listed.origin
    END AS fate
  FROM listed
  JOIN together USING (site_domain, source_url, target_url)
  WHERE listed.place = 1
),
ranked AS (
  SELECT
    *,
    row_number() OVER (
      PARTITION BY site_domain, source_domain
      ORDER BY is_arranged DESC, fate = 'unsure' DESC, fate = 'open' DESC, probability DESC,
        source_authority DESC NULLS LAST, source_url, target_url
    ) AS rank
  FROM links
),
domains AS (
  SELECT
    site_domain, source_domain,
    max(source_authority) AS source_authority,
    count(*) FILTER (WHERE is_arranged) AS arranged_count,
    count(*) FILTER (WHERE fate = 'open') AS open_count,
    coalesce((list(DISTINCT source_url ORDER BY source_url) FILTER (WHERE fate = 'open'))[1:$most_pages], [])
      AS open_urls,
    count(*) FILTER (WHERE fate = 'open' AND is_declared) AS placed_count,
    count(*) FILTER (WHERE is_arranged AND fate = 'lost') AS lost_count,
    count(*) FILTER (WHERE is_arranged AND fate = 'marked') AS marked_count,
    count(*) FILTER (WHERE fate = 'unsure') AS unsure_count,
    count(*) FILTER (WHERE fate = 'allowed') AS allowed_count,
    count(*) FILTER (WHERE fate = 'natural') AS natural_count,
    count(*) FILTER (WHERE fate = 'unknown') AS unknown_count,
    min(first_seen_on) FILTER (WHERE is_arranged) AS first_seen_on,
    max(lost_on) FILTER (WHERE is_arranged) AS lost_on,
    count(*) FILTER (WHERE is_arranged AND lost_on IS NULL) = 0 AS is_lost
  FROM links
  GROUP BY site_domain, source_domain
),
chosen AS (
  SELECT
    domains.*,
    ranked.link_number, ranked.rule_set, ranked.origin, ranked.probability, ranked.source_url, ranked.target_url,
    ranked.anchor_text, ranked.told_by, ranked.told_origin, ranked.told_subject, ranked.told_on, ranked.label_who
  FROM domains
  JOIN ranked USING (site_domain, source_domain)
  WHERE ranked.rank = 1 AND (domains.arranged_count + domains.unsure_count + domains.allowed_count > 0)
),
evidence AS (
  SELECT
    chosen.link_number,
    list(
      {
        'rule': found.rule, 'weight': found.weight, 'seen': found.seen, 'policy_clause': found.policy_clause,
        'says_en': rules.says_en, 'says_nl': rules.says_nl
      }
      ORDER BY found.weight DESC, found.rule
    ) AS evidence
  FROM chosen
  JOIN signals.link_evidence AS found ON found.link_number = chosen.link_number
  JOIN signals.origin_rules AS rules ON rules.rule = found.rule AND rules.rule_set = chosen.rule_set
  WHERE found.weight > 0 AND list_contains($origins, found.origin)
  GROUP BY chosen.link_number
),
placed AS (
  SELECT
    site_domain, source_domain, count(*) AS placement_count, min(placed_on) AS placed_on, min(campaign) AS campaign,
    CASE WHEN bool_and(removed_on IS NOT NULL) THEN max(removed_on) END AS removed_on
  FROM signals.placements_standing
  WHERE list_contains($sites, site_domain)
  GROUP BY site_domain, source_domain
)
SELECT
  chosen.* EXCLUDE (link_number, rule_set), evidence.evidence, coalesce(placed.placement_count, 0) AS placement_count,
  placed.placed_on, placed.campaign, placed.removed_on
FROM chosen
LEFT JOIN evidence USING (link_number)
LEFT JOIN placed USING (site_domain, source_domain)
ORDER BY site_domain, open_count > 0 DESC, probability DESC, source_domain
