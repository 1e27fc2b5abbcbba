-- Some referring domains of each origin, picked by chance (by a hash of the name, so that the same stay on the page).
WITH words AS (
  SELECT array_length(list_filter(string_split(topics, '|'), lambda word: word <> '')) AS word_count
  FROM signals.site_words
  WHERE site_domain = $site_domain
),
chosen AS (
  SELECT source_domain, origin, source_authority
  FROM signals.domain_origins
  WHERE site_domain = $site_domain AND provider = $provider AND source_authority IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY origin ORDER BY md5(source_domain)) <= $most_points
)
SELECT
  chosen.source_domain, chosen.origin, chosen.source_authority,
  CASE
    WHEN coalesce(max(words.word_count), 0) < $least_words THEN NULL
    WHEN max(marks.topic_count) > 0 THEN max(marks.topic_count)
    WHEN bool_or(marks.script IS NOT NULL) THEN 0
  END AS topic_count
FROM chosen
LEFT JOIN words ON true
LEFT JOIN signals.text_marks AS marks
  ON marks.site_domain = $site_domain AND marks.provider = $provider AND marks.source_domain = chosen.source_domain
GROUP BY chosen.source_domain, chosen.origin, chosen.source_authority
ORDER BY chosen.origin, md5(chosen.source_domain)
