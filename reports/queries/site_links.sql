-- The strongest link of each referring domain, arranged links and spam apart, with what each rule saw of it and what the
-- team says of it itself; the most of each kind and site that its page lists.
WITH ranked AS (
  SELECT
    origins.link_number, links.link_id, origins.rule_set, origins.site_domain, origins.origin = 'spam' AS is_spam,
    origins.told_by, origins.provider, origins.source_domain, links.source_url, links.target_url, links.anchor_text,
    origins.origin, origins.probability, links.source_authority, links.first_seen_on, links.lost_on, links.is_nofollow,
    links.is_sponsored,
    count(*) OVER (
      PARTITION BY origins.site_domain, origins.provider, origins.source_domain, origins.origin
    ) AS domain_link_count,
    row_number() OVER (
      PARTITION BY origins.site_domain, origins.provider, origins.source_domain, origins.origin = 'spam'
      ORDER BY origins.probability DESC, links.source_authority DESC NULLS LAST, links.source_url, links.target_url
    ) AS place
  FROM signals.link_origins AS origins
  JOIN staging.links AS links ON links.link_number = origins.link_number
  WHERE list_contains($sites, origins.site_domain)
    AND (origins.origin = 'spam' OR list_contains($risky_origins, origins.origin))
),
numbered AS (
  SELECT
    * EXCLUDE (place),
    row_number() OVER (
      PARTITION BY site_domain, is_spam
      ORDER BY lost_on IS NOT NULL, probability DESC, source_authority DESC NULLS LAST, source_url, provider
    ) AS listed
  FROM ranked
  WHERE place = 1
),
chosen AS (
  SELECT * FROM numbered WHERE listed <= CASE WHEN is_spam THEN $most_spam ELSE $most_risky END
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
  JOIN signals.link_evidence AS found ON found.link_number = chosen.link_number
  JOIN signals.origin_rules AS rules ON rules.rule = found.rule AND rules.rule_set = chosen.rule_set
  GROUP BY chosen.link_number
)
SELECT
  chosen.* EXCLUDE (link_number, link_id, rule_set, listed), evidence.evidence, told.told_origin, told.told_subject,
  told.told_on, told.label_who
FROM chosen
LEFT JOIN evidence USING (link_number)
LEFT JOIN signals.told_links AS told ON told.link_id = chosen.link_id AND told.site_domain = chosen.site_domain
ORDER BY chosen.site_domain, chosen.is_spam, chosen.listed
