-- signals.shared_pages: page addresses and titles that several referring domains of a site share. A path that unrelated
-- sites would not share by chance is long or has a number in it (/social/315305), unlike /partners/. Whether most links
-- of known authority are from weak domains decides whether it speaks for spam or for a programme; is_weak is null where
-- no authority is known. Where a provider scores pages only, pages stand in: most pages of ordinary domains score near
-- zero too, so that this leans to weak, hence to spam rather than to the site's doing.
-- Most paths and titles occur once: those are dropped, as spelt, before domains are counted in lower case. Links disclosed
-- as paid, which is within policy, do not count.
WITH links AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    source_authority,
    page_authority,
    regexp_extract(source_url, '^https?://[^/?#]*(/[^?#]*)', 1) AS path,
    source_title AS title
  FROM staging.links
  WHERE NOT coalesce(is_sponsored, FALSE)
),

traits AS (
  SELECT 'address' AS trait, site_domain, provider, source_domain, source_authority, page_authority, path AS value
  FROM links
  WHERE length(path) >= 30 OR (length(path) >= 12 AND regexp_matches(path, '[0-9]'))
  UNION ALL
  SELECT 'title' AS trait, site_domain, provider, source_domain, source_authority, page_authority, title AS value
  FROM links
  WHERE length(title) >= 20
),

repeated AS (
  SELECT site_domain, provider, trait, value
  FROM traits
  GROUP BY site_domain, provider, trait, value
  HAVING count(*) >= $shared_domain_count
)

SELECT
  traits.site_domain,
  traits.provider,
  traits.trait,
  lower(traits.value) AS value,
  CAST(count(DISTINCT traits.source_domain) AS BIGINT) AS domain_count,
  CASE
    WHEN count(traits.source_authority) > 0
      THEN
        2 * sum(CASE WHEN traits.source_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(traits.source_authority)
    WHEN count(traits.page_authority) > 0
      THEN 2 * sum(CASE WHEN traits.page_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(traits.page_authority)
  END AS is_weak
FROM traits
INNER JOIN repeated
  ON traits.site_domain = repeated.site_domain
  AND traits.provider = repeated.provider
  AND traits.trait = repeated.trait
  AND traits.value = repeated.value
GROUP BY traits.site_domain, traits.provider, traits.trait, lower(traits.value)
HAVING count(DISTINCT traits.source_domain) >= $shared_domain_count
