-- signals.profile_origins: links, referring domains and expected referring domains of each origin in a profile. What a
-- domain is expected to be is the mean over its links, so that it counts as one however many links it has.
--
-- What is added up is whole numbers (billionths), so that the order of rows cannot change the last digit.
WITH judged AS (
  SELECT
    combinations.rule_set,
    combinations.text_bits,
    combinations.fact_bits,
    combinations.origin,
    CAST(round(combinations.natural_probability * 1000000000) AS BIGINT) AS natural_parts,
    CAST(round(combinations.spam_probability * 1000000000) AS BIGINT) AS spam_parts,
    -- Paid and disclosed is within policy: what would be arranged is unknown instead.
    CASE WHEN disclosed.bit IS NULL THEN CAST(round(bought_probability * 1000000000) AS BIGINT) ELSE 0 END
    AS bought_parts,
    CASE WHEN disclosed.bit IS NULL THEN CAST(round(exchanged_probability * 1000000000) AS BIGINT) ELSE 0 END
    AS exchanged_parts,
    CASE WHEN disclosed.bit IS NULL THEN CAST(round(guest_post_probability * 1000000000) AS BIGINT) ELSE 0 END
    AS guest_post_parts,
    CASE WHEN disclosed.bit IS NULL THEN CAST(round(link_programme_probability * 1000000000) AS BIGINT) ELSE 0 END
    AS link_programme_parts
  FROM signals.evidence_combinations AS combinations
  LEFT JOIN signals.origin_rules AS disclosed
    ON combinations.rule_set = disclosed.rule_set
    AND disclosed.rule = 'disclosed_as_sponsored'
    AND (CASE WHEN disclosed.is_text THEN combinations.text_bits ELSE combinations.fact_bits END & disclosed.bit) <> 0
),

links AS (
  SELECT
    marks.site_domain,
    marks.provider,
    marks.source_domain,
    CASE
      WHEN marks.is_allowed THEN 'natural'
      ELSE marks.told_origin
    END AS told,
    judged.*
  FROM signals.link_marks AS marks
  INNER JOIN judged
    ON marks.rule_set = judged.rule_set
    AND marks.text_bits = judged.text_bits
    AND marks.fact_bits = judged.fact_bits
),

-- Parts of a domain: the mean over its links, in billionths.
domains AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    count(*) AS link_count,
    count(CASE WHEN coalesce(told, origin) = 'natural' THEN 1 END) AS natural_links,
    count(CASE WHEN coalesce(told, origin) = 'bought' THEN 1 END) AS bought_links,
    count(CASE WHEN coalesce(told, origin) = 'exchanged' THEN 1 END) AS exchanged_links,
    count(CASE WHEN coalesce(told, origin) = 'guest_post' THEN 1 END) AS guest_post_links,
    count(CASE WHEN coalesce(told, origin) = 'link_programme' THEN 1 END) AS link_programme_links,
    count(CASE WHEN coalesce(told, origin) = 'spam' THEN 1 END) AS spam_links,
    sum(CASE WHEN told IS NULL THEN natural_parts WHEN told = 'natural' THEN 1000000000 ELSE 0 END) AS natural_parts,
    sum(CASE WHEN told IS NULL THEN bought_parts WHEN told = 'bought' THEN 1000000000 ELSE 0 END) AS bought_parts,
    sum(CASE WHEN told IS NULL THEN exchanged_parts WHEN told = 'exchanged' THEN 1000000000 ELSE 0 END)
    AS exchanged_parts,
    sum(CASE WHEN told IS NULL THEN guest_post_parts WHEN told = 'guest_post' THEN 1000000000 ELSE 0 END)
    AS guest_post_parts,
    sum(CASE WHEN told IS NULL THEN link_programme_parts WHEN told = 'link_programme' THEN 1000000000 ELSE 0 END)
    AS link_programme_parts,
    sum(CASE WHEN told IS NULL THEN spam_parts WHEN told = 'spam' THEN 1000000000 ELSE 0 END) AS spam_parts
  FROM links
  GROUP BY site_domain, provider, source_domain
),

profiles AS (
  SELECT
    site_domain,
    provider,
    count(*) AS domain_count,
    sum(link_count) AS link_count,
    sum(natural_links) AS natural_links,
    sum(bought_links) AS bought_links,
    sum(exchanged_links) AS exchanged_links,
    sum(guest_post_links) AS guest_post_links,
    sum(link_programme_links) AS link_programme_links,
    sum(spam_links) AS spam_links,
    sum(CAST(round(CAST(natural_parts AS DOUBLE) / link_count) AS BIGINT)) AS natural_parts,
    sum(CAST(round(CAST(bought_parts AS DOUBLE) / link_count) AS BIGINT)) AS bought_parts,
    sum(CAST(round(CAST(exchanged_parts AS DOUBLE) / link_count) AS BIGINT)) AS exchanged_parts,
    sum(CAST(round(CAST(guest_post_parts AS DOUBLE) / link_count) AS BIGINT)) AS guest_post_parts,
    sum(CAST(round(CAST(link_programme_parts AS DOUBLE) / link_count) AS BIGINT)) AS link_programme_parts,
    sum(CAST(round(CAST(spam_parts AS DOUBLE) / link_count) AS BIGINT)) AS spam_parts
  FROM domains
  GROUP BY site_domain, provider
),

counted AS (
  SELECT site_domain, provider, 'natural' AS origin, natural_links AS link_count, natural_parts AS parts
  FROM profiles

  UNION ALL

  SELECT site_domain, provider, 'bought' AS origin, bought_links AS link_count, bought_parts AS parts
  FROM profiles

  UNION ALL

  SELECT site_domain, provider, 'exchanged' AS origin, exchanged_links AS link_count, exchanged_parts AS parts
  FROM profiles

  UNION ALL

  SELECT site_domain, provider, 'guest_post' AS origin, guest_post_links AS link_count, guest_post_parts AS parts
  FROM profiles

  UNION ALL

  SELECT
    site_domain,
    provider,
    'link_programme' AS origin,
    link_programme_links AS link_count,
    link_programme_parts AS parts
  FROM profiles

  UNION ALL

  SELECT site_domain, provider, 'spam' AS origin, spam_links AS link_count, spam_parts AS parts
  FROM profiles

  UNION ALL

  SELECT
    site_domain,
    provider,
    'unknown' AS origin,
    link_count - natural_links - bought_links - exchanged_links - guest_post_links - link_programme_links - spam_links
    AS link_count,
    -- Rounding may leave a few billionths below nothing.
    greatest(
      domain_count * 1000000000
      - natural_parts - bought_parts - exchanged_parts - guest_post_parts - link_programme_parts - spam_parts,
      0
    ) AS parts
  FROM profiles
),

sorted_domains AS (
  SELECT site_domain, provider, origin, count(*) AS domain_count
  FROM signals.domain_origins
  GROUP BY site_domain, provider, origin
)

SELECT
  counted.site_domain,
  counted.provider,
  counted.origin,
  CAST(counted.link_count AS BIGINT) AS link_count,
  CAST(coalesce(sorted_domains.domain_count, 0) AS BIGINT) AS domain_count,
  round(CAST(counted.parts AS DOUBLE) / 1000000000, 6) AS expected_domain_count
FROM counted
LEFT JOIN sorted_domains
  ON counted.site_domain = sorted_domains.site_domain
  AND counted.provider = sorted_domains.provider
  AND counted.origin = sorted_domains.origin
