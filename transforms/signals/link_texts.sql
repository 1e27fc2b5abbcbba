-- signals.link_texts: each link with its texts as rules read them, its measures passed on. A view: a column is worked
-- out when it is asked for; signals.text_marks keeps what is needed every night.
WITH texts AS (
  SELECT
    links.link_id,
    links.site_domain,
    links.provider,
    links.source_domain,
    links.source_host,
    links.left_context,
    links.right_context,
    links.source_language,
    links.link_type,
    links.is_nofollow,
    links.is_sponsored,
    links.is_ugc,
    links.is_image,
    links.is_sitewide,
    links.is_spam_by_provider,
    links.source_authority,
    links.page_authority,
    links.source_traffic,
    links.external_link_count,
    links.first_seen_on,
    links.lost_on,
    links.first_observed_on,
    links.link_number,
    links.text_hash,
    lower(links.source_url) AS url,
    lower(links.target_url) AS target,
    lower(coalesce(links.source_title, '')) AS title,
    lower(trim(coalesce(links.anchor_text, ''))) AS anchor,
    lower(concat_ws(' ', links.left_context, links.right_context)) AS context,
    regexp_extract(lower(links.source_url), '^https?://[^/?#]*(/[^?#]*)', 1) AS path,
    links.target_url,
    words.words_version,
    string_split(coalesce(words.topics, ''), '|') AS topics
  FROM staging.links AS links
  LEFT JOIN signals.site_words AS words ON links.site_domain = words.site_domain
),

joined AS (
  SELECT
    texts.*,
    concat_ws(' ', path, title, '') AS path_and_title,
    concat_ws(' ', anchor, title) AS anchor_and_title,
    concat_ws(' ', url, title, context) AS page_text,
    concat_ws(' ', url, title, context, anchor) AS all_text
  FROM texts
)

SELECT
  link_id,
  site_domain,
  provider,
  source_domain,
  source_host,
  left_context,
  right_context,
  source_language,
  link_type,
  is_nofollow,
  is_sponsored,
  is_ugc,
  is_image,
  is_sitewide,
  is_spam_by_provider,
  source_authority,
  page_authority,
  source_traffic,
  external_link_count,
  first_seen_on,
  lost_on,
  first_observed_on,
  link_number,
  text_hash,
  words_version,
  url,
  target_url,
  target,
  title,
  anchor,
  context,
  path,
  path_and_title,
  anchor_and_title,
  page_text,
  all_text,
  regexp_matches(url, '(#comment|/comment-page-|replytocom=)') AS is_comment,
  (contains(title, site_domain) OR contains(url, site_domain)) AS is_own_domain_named,
  -- [Ͱ-힣] is every letter from Greek to Hangul, so Latin titles stop at the first pattern.
  CASE
    WHEN title = '' THEN NULL
    WHEN NOT regexp_matches(title, '[Ͱ-῿぀-힣]') THEN 'latin'
    WHEN regexp_matches(title, '[぀-힣]') THEN 'east asian'
    WHEN regexp_matches(title, '[Ѐ-ӿ]') THEN 'cyrillic'
    WHEN regexp_matches(title, '[֐-ۿ]') THEN 'hebrew or arabic'
    ELSE 'other'
  END AS script,
  array_to_string(list_filter(topics, lambda topic: topic <> '' AND contains(page_text, topic)), ', ') AS topics_seen,
  CAST(array_length(list_filter(topics, lambda topic: topic <> '' AND contains(page_text, topic))) AS BIGINT) AS topic_count
FROM joined
