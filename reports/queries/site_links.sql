-- The strongest link of each referring domain among the asked origins, with what each rule saw of it and what the team
-- says of it itself.
WITH ranked AS (
  SELECT
    origins.link_number, links.link_id, origins.rule_set, origins.told_by, origins.provider, origins.source_domain, links.source_url,
    links.target_url, links.anchor_text, origins.origin, origins.probability, links.source_authority,
    links.first_seen_on, links.lost_on, links.is_nofollow, links.is_sponsored,
    count(*) OVER (PARTITION BY origins.provider, origins.source_domain, origins.origin) AS domain_link_count,
    row_number() OVER (
      PARTITION BY origins.provider, origins.source_domain
      ORDER BY origins.probability DESC, links.source_authority DESC NULLS LAST, links.source_url, links.target_url
    ) AS place
  FROM signals.link_origins AS origins
  JOIN staging.links AS links ON links.link_number = origins.link_number
  WHERE origins.site_domain = $site_domain AND links.site_domain = $site_domain
    AND list_contains($origins, origins.origin)
),
chosen AS (
  SELECT * EXCLUDE (place)
  FROM ranked
  WHERE place = 1
  ORDER BY lost_on IS NOT NULL, probability DESC, source_authority DESC NULLS LAST, source_url, provider
  LIMIT $most
),
evidence AS (
  SELECT
    chosen.link_number,
    list(
      {
        'rule': found.rule, 'weight': found.weight, 'seen': found.seen, 'policy_clause': found.policy_clause,
        'says_en': rules.says_en, 'says_nl': rules.says_nl
      }
      ORDER BY abs(found.weight) DESC, found.rule
    ) AS evidence
  FROM chosen
  JOIN signals.link_evidence AS found ON found.link_number = chosen.link_number AND found.site_domain = $site_domain
  JOIN signals.origin_rules AS rules ON rules.rule = found.rule AND rules.rule_set = chosen.rule_set
  GROUP BY chosen.link_number
)
SELECT
  chosen.* EXCLUDE (link_number, link_id, rule_set), evidence.evidence, told.told_origin, told.told_subject, told.told_on,
  told.label_who
FROM chosen
LEFT JOIN evidence USING (link_number)
LEFT JOIN signals.told_links AS told ON told.link_id = chosen.link_id AND told.site_domain = $site_domain
ORDER BY lost_on IS NOT NULL, probability DESC, source_authority DESC NULLS LAST, source_url, provider
