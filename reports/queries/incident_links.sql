-- The strongest link of each referring domain of the incidents of some sites: of an incident's surge or, where it has none, of the arranged links
-- that were new in the days before its drop. With what the team says of it itself.
WITH chosen AS (
  SELECT unnest($drop_ids) AS drop_id, unnest($surge_ids) AS surge_id, unnest($drop_sites) AS site_domain
),
wanted AS (
  SELECT chosen.drop_id, chosen.site_domain, members.provider, members.source_domain
  FROM chosen
  JOIN surges.surge_members AS members
    ON chosen.surge_id = members.surge_id AND chosen.site_domain = members.site_domain
  UNION ALL
  SELECT chosen.drop_id, chosen.site_domain, domains.provider, domains.source_domain
  FROM chosen
  JOIN drops.ranking_drops AS drops ON chosen.drop_id = drops.drop_id AND drops.as_of = $as_of
  JOIN signals.domain_origins AS domains ON chosen.site_domain = domains.site_domain
  WHERE chosen.surge_id IS NULL AND list_contains($origins, domains.origin)
    AND date_diff('day', domains.first_seen_on, drops.starts_on) BETWEEN 1 AND $lag_days
),
ranked AS (
  SELECT
    wanted.drop_id, origins.link_number, links.link_id, origins.rule_set, origins.told_by, origins.provider,
    origins.source_domain, links.source_url, links.target_url, links.anchor_text, origins.origin, origins.probability,
    links.source_authority, links.first_seen_on, links.lost_on, links.is_nofollow, links.is_sponsored,
    count(*) OVER (PARTITION BY wanted.drop_id, origins.provider, origins.source_domain) AS domain_link_count,
    row_number() OVER (
      PARTITION BY wanted.drop_id, origins.provider, origins.source_domain
      ORDER BY list_contains($origins, origins.origin) DESC, origins.probability DESC,
        links.source_authority DESC NULLS LAST, links.source_url, links.target_url
    ) AS place
  FROM wanted
  JOIN signals.link_origins AS origins
    ON wanted.site_domain = origins.site_domain AND wanted.provider = origins.provider
    AND wanted.source_domain = origins.source_domain
  JOIN staging.links AS links ON links.link_number = origins.link_number
  WHERE list_contains($sites, origins.site_domain) AND list_contains($sites, links.site_domain)
),
strongest AS (
  SELECT * EXCLUDE (place), count(*) OVER (PARTITION BY drop_id) AS listed_count
  FROM ranked
  WHERE place = 1
  QUALIFY row_number() OVER (
    PARTITION BY drop_id
    ORDER BY list_contains($origins, origin) DESC, probability DESC, source_authority DESC NULLS LAST, source_url,
      provider
  ) <= $most
)
SELECT strongest.* EXCLUDE (link_id), said.told_origin, said.told_subject, said.told_on, said.label_who
FROM strongest
LEFT JOIN signals.told_links AS said ON said.link_id = strongest.link_id
ORDER BY strongest.drop_id, list_contains($origins, strongest.origin) DESC, strongest.probability DESC,
  strongest.source_authority DESC NULLS LAST, strongest.source_url, strongest.provider
