-- signals.text_marks: what rules read in the texts of a link, written once: texts with one hash never change, and a new
-- rule set or new words of the site read them anew. A night scans the texts of new links only.
-- {may_match} is one pattern with the words of all rules: only where it matches are they looked for one by one. The text
-- it reads holds every text that a rule may read: title stands after anchor too, and the path once more where something
-- follows it in the address. {link_texts over ...} is the query of that view over the links not read yet.
WITH unread_links AS (
  SELECT links.*
  FROM staging.links AS links
  LEFT JOIN signals.site_words AS words ON links.site_domain = words.site_domain
  LEFT JOIN signals.text_marks AS known
    ON links.link_number = known.link_number
    AND links.text_hash = known.text_hash
    AND words.words_version = known.words_version
    AND known.rule_set = $rule_set
  WHERE known.link_number IS NULL
),

unread_texts AS (
  SELECT
    texts.*,
    CASE
      WHEN contains(url, '?') OR contains(url, '#') THEN concat_ws(' ', all_text, title, path, title, '')
      ELSE concat_ws(' ', all_text, title, '')
    END AS gate_text
  FROM (
    {link_texts over unread_links}
  ) AS texts
),

gated AS (
  SELECT
    unread_texts.*,
    {may_match} AS may_match
  FROM unread_texts
)

SELECT
  link_number,
  text_hash,
  words_version,
  $rule_set AS rule_set,
  site_domain,
  provider,
  source_domain,
  {text_bits} AS text_bits,
  CASE WHEN may_match THEN is_comment ELSE FALSE END AS is_comment,
  is_own_domain_named,
  topic_count,
  CASE WHEN may_match THEN script WHEN title <> '' THEN 'latin' END AS script
FROM gated
