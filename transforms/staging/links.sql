-- staging.links: every link known on the as_of day: its texts from the observation that holds them, all else from its
-- state, or from that same observation where the site and provider have only one export.
SELECT
  CAST(said.link_id AS VARCHAR) AS link_id,
  said.site_domain,
  said.provider,
  host.domain AS source_domain,
  said.source_url,
  host.host AS source_host,
  said.target_url,
  said.anchor_text,
  said.source_title,
  said.left_context,
  said.right_context,
  said.source_language,
  said.link_type,
  said.redirect_urls,
  said.link_id AS link_number,
  said.text_hash,
  CASE WHEN state.link_id IS NULL THEN said.is_nofollow ELSE state.is_nofollow END AS is_nofollow,
  CASE WHEN state.link_id IS NULL THEN said.is_sponsored ELSE state.is_sponsored END AS is_sponsored,
  CASE WHEN state.link_id IS NULL THEN said.is_ugc ELSE state.is_ugc END AS is_ugc,
  CASE WHEN state.link_id IS NULL THEN said.is_image ELSE state.is_image END AS is_image,
  CASE WHEN state.link_id IS NULL THEN said.is_sitewide ELSE state.is_sitewide END AS is_sitewide,
  CASE WHEN state.link_id IS NULL THEN said.is_spam_by_provider ELSE state.is_spam_by_provider END AS is_spam_by_provider,
  CASE WHEN state.link_id IS NULL THEN said.source_authority ELSE state.source_authority END AS source_authority,
  CASE WHEN state.link_id IS NULL THEN said.page_authority ELSE state.page_authority END AS page_authority,
  CASE WHEN state.link_id IS NULL THEN said.source_traffic ELSE state.source_traffic END AS source_traffic,
  CASE WHEN state.link_id IS NULL THEN said.provider_score ELSE state.provider_score END AS provider_score,
  CASE WHEN state.link_id IS NULL THEN said.external_link_count ELSE state.external_link_count END AS external_link_count,
  CASE WHEN state.link_id IS NULL THEN said.first_seen_on ELSE state.first_seen_on END AS first_seen_on,
  CASE WHEN state.link_id IS NULL THEN said.last_seen_on ELSE state.last_seen_on END AS last_seen_on,
  CASE
    WHEN state.link_id IS NULL THEN coalesce(said.is_lost, FALSE) OR said.lost_on IS NOT NULL
    ELSE state.is_lost
  END AS is_lost,
  CASE
    WHEN state.link_id IS NOT NULL THEN state.lost_on
    WHEN said.lost_on IS NOT NULL THEN said.lost_on
    WHEN said.is_lost THEN coalesce(said.last_seen_on, said.observed_on)
  END AS lost_on,
  CASE WHEN state.link_id IS NULL THEN said.observed_on ELSE state.observed_on END AS observed_on,
  coalesce(state.first_observed_on, said.observed_on) AS first_observed_on,
  coalesce(state.observation_count, 1) AS observation_count,
  CASE WHEN state.link_id IS NULL THEN said.merged_count ELSE state.merged_count END AS merged_count
FROM staging.link_observations AS said
INNER JOIN staging.hosts AS host ON said.source_host_id = host.host_id
LEFT JOIN staging.link_states AS state ON said.link_id = state.link_id AND said.file_id = state.described_in
LEFT JOIN staging.known_exports AS export ON said.file_id = export.file_id AND export.is_only
WHERE said.described_in = said.file_id AND (state.link_id IS NOT NULL OR export.file_id IS NOT NULL)
