-- signals.foreign_scripts: writing systems of linking pages' titles other than the site's usual one (that of most
-- referring domains), where so many domains use them that it is no accident. signals.text_marks keeps texts that a link
-- had once or has not yet on a past day: only today's count.
WITH scripts AS (
  SELECT marks.site_domain, marks.provider, marks.script, count(DISTINCT marks.source_domain) AS domain_count
  FROM signals.text_marks AS marks
  INNER JOIN staging.links AS links ON marks.link_number = links.link_number AND marks.text_hash = links.text_hash
  WHERE marks.script IS NOT NULL
  GROUP BY marks.site_domain, marks.provider, marks.script
),

ordered AS (
  SELECT
    site_domain,
    provider,
    script,
    domain_count,
    row_number() OVER (PARTITION BY site_domain, provider ORDER BY domain_count DESC, script) AS size_order
  FROM scripts
)

SELECT
  site_domain,
  provider,
  script,
  CAST(domain_count AS BIGINT) AS domain_count
FROM ordered
WHERE size_order > 1 AND script <> 'latin' AND domain_count >= $foreign_domain_count
