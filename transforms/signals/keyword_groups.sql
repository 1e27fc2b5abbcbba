-- signals.keyword_groups: which keywords and queries name the site (brand), and which do not (other).
--
-- The words are the brand words of sites.toml; without any, the first part of the domain. A word counts however it is
-- parted: brand word "kaas-huis" is in "kaashuis gouda" and in "kaas huis". Words under four letters count only where
-- they stand alone, for "go" is in "gouda".
WITH keywords AS (
  SELECT site_domain, keyword FROM staging.rankings
  UNION
  SELECT site_domain, query AS keyword FROM staging.search_performance WHERE query IS NOT NULL
),

worded AS (
  SELECT
    keywords.site_domain,
    keywords.keyword,
    lower(coalesce(nullif(listed.brand_words, ''), split_part(keywords.site_domain, '.', 1))) AS brand_words,
    replace(replace(lower(keywords.keyword), ' ', ''), '-', '') AS joined_words,
    concat(' ', replace(lower(keywords.keyword), '-', ' '), ' ') AS parted_words
  FROM keywords
  LEFT JOIN ingest.listed_sites AS listed ON keywords.site_domain = listed.site_domain
)

SELECT
  site_domain,
  keyword,
  CASE
    WHEN
      array_length(
        list_filter(
          string_split(brand_words, '|'),
          lambda word: length(replace(replace(word, ' ', ''), '-', '')) >= 4
            AND contains(joined_words, replace(replace(word, ' ', ''), '-', ''))
            OR word <> ''
            AND contains(parted_words, concat(' ', replace(word, '-', ' '), ' '))
        )
      ) > 0
      THEN 'brand'
    ELSE 'other'
  END AS keyword_group
FROM worded
