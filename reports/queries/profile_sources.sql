-- Referring domains by origin, how strong they are and how many stand on pages that speak of what the site is about;
-- and some of each origin by name, picked by a hash of the name, so that the same stay on the page.
-- Relevance: words of the site (signals.site_words) found on the linking page; unknown where the site has too few such
-- words, or where the provider tells nothing of the page but its address.
WITH asked AS (SELECT unnest($asked, recursive := true)),
words AS (
  SELECT site_domain, array_length(list_filter(string_split(topics, '|'), lambda word: word <> '')) AS word_count
  FROM signals.site_words
),
pages AS (
  SELECT site_domain, text_marks.provider, source_domain, max(topic_count) AS topic_count, bool_or(script IS NOT NULL) AS is_told
  FROM signals.text_marks
  JOIN asked USING (site_domain)
  GROUP BY site_domain, text_marks.provider, source_domain
),
domains AS (
  SELECT
    domains.site_domain, domains.provider, domains.origin, domains.source_domain, domains.source_authority,
    CASE
      WHEN words.word_count >= $least_words AND (pages.is_told OR pages.topic_count > 0) THEN pages.topic_count
    END AS topic_count
  FROM signals.domain_origins AS domains
  JOIN asked ON asked.site_domain = domains.site_domain
  LEFT JOIN pages
    ON pages.site_domain = domains.site_domain AND pages.provider = domains.provider
    AND pages.source_domain = domains.source_domain
  LEFT JOIN words ON words.site_domain = domains.site_domain
)
SELECT
  site_domain, provider, origin,
  count(*) OVER of_origin AS domain_count,
  count(source_authority) OVER of_origin AS authority_known_count,
  median(source_authority) OVER of_origin AS authority_median,
  count(topic_count) OVER of_origin AS relevance_known_count,
  count(nullif(topic_count, 0)) OVER of_origin AS relevant_count,
  source_domain, source_authority, topic_count
FROM domains
WINDOW of_origin AS (PARTITION BY site_domain, provider, origin)
QUALIFY row_number() OVER (
  PARTITION BY site_domain, provider, origin ORDER BY source_authority IS NULL, md5(source_domain)
) <= $most_points
ORDER BY site_domain, provider, domain_count DESC, origin, source_authority IS NULL, md5(source_domain)
