-- signals.foreign_scripts: writing systems of linking pages' titles other than the site's usual one (that of most
-- referring domains), where so many domains use them that it is no accident.
WITH scripts AS (
  SELECT site_domain, provider, script, count(DISTINCT source_domain) AS domain_count
  FROM signals.text_marks
  WHERE script IS NOT NULL
  GROUP BY site_domain, provider, script
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
