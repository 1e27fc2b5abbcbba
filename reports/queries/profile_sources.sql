-- Referring domains by origin: how strong they are, and how many stand on pages that speak of what the site is about.
-- Relevance: words of the site (signals.site_words) found on the linking page; unknown where the site has too few such
-- words, or where the provider tells nothing of the page but its address.
WITH words AS (
  SELECT array_length(list_filter(string_split(topics, '|'), lambda word: word <> '')) AS word_count
  FROM signals.site_words
  WHERE site_domain = $site_domain
),
pages AS (
  SELECT
    provider, source_domain, max(topic_count) AS topic_count,
    bool_or(script IS NOT NULL) AS is_told
  FROM signals.text_marks
  WHERE site_domain = $site_domain
  GROUP BY provider, source_domain
)
SELECT
  domains.provider, domains.origin,
  count(*) AS domain_count,
  count(domains.source_authority) AS authority_known_count,
  median(domains.source_authority) AS authority_median,
  count(*) FILTER (words.word_count >= $least_words AND (pages.is_told OR pages.topic_count > 0)) AS relevance_known_count,
  count(*) FILTER (words.word_count >= $least_words AND pages.topic_count > 0) AS relevant_count
FROM signals.domain_origins AS domains
LEFT JOIN pages USING (provider, source_domain)
LEFT JOIN words ON true
WHERE domains.site_domain = $site_domain
GROUP BY domains.provider, domains.origin
ORDER BY domains.provider, domain_count DESC, domains.origin
