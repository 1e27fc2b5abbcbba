-- signals.link_facts: everything a rule may ask about a link, one row per link: its texts, its measures, and what groups
-- of links it belongs to. A view: only the columns that some rule names are worked out.
SELECT
  texts.link_id,
  texts.link_number,
  texts.site_domain,
  texts.provider,
  texts.source_domain,
  texts.source_host,
  texts.left_context,
  texts.right_context,
  texts.source_language,
  texts.link_type,
  texts.url,
  texts.target,
  texts.title,
  texts.anchor,
  texts.context,
  texts.path,
  pages.target_path,
  texts.path_and_title,
  texts.anchor_and_title,
  texts.page_text,
  texts.all_text,
  texts.topics_seen,
  marks.text_bits,
  anchors.anchor_kind,
  pages.target_kind,
  marks.is_comment,
  marks.is_own_domain_named,
  marks.topic_count,
  marks.script,
  anchors.is_site_keyword
  OR (length(texts.anchor) >= 4 AND contains(pages.target_path, replace(texts.anchor, ' ', '-'))) AS is_exact_anchor,
  texts.is_nofollow,
  texts.is_sponsored,
  texts.is_ugc,
  texts.is_image,
  texts.is_sitewide,
  texts.is_spam_by_provider,
  texts.source_authority,
  texts.page_authority,
  texts.source_traffic,
  texts.external_link_count,
  texts.first_seen_on,
  texts.lost_on,
  texts.first_observed_on,
  anchors.domain_count AS anchor_domain_count,
  addresses.domain_count AS path_domain_count,
  addresses.is_weak AS is_weak_path,
  titles.domain_count AS title_domain_count,
  titles.is_weak AS is_weak_title,
  (scripts.domain_count IS NOT NULL) AS is_foreign_script,
  profiles.link_count AS source_link_count,
  profiles.host_count AS source_host_count,
  coalesce(profiles.is_farm, FALSE) AS is_farm,
  coalesce(profiles.is_repeated_sitewide, FALSE) AS is_repeated_sitewide,
  customers.owner_count AS customer_count,
  customers.span_days AS customer_days,
  bursts.domain_count AS burst_domain_count,
  bursts.network_count AS burst_network_count,
  exchanges.form AS exchange_form,
  concat_ws(
    ', ',
    CASE WHEN exchanges.days_apart IS NOT NULL THEN concat(CAST(exchanges.days_apart AS VARCHAR), ' d') END,
    coalesce(exchanges.through, exchanges.link_out_url)
  ) AS exchange_seen,
  exchanges.is_synchronous,
  exchanges.is_beyond_expected,
  exchanges.partner_site_count,
  locksteps.source_count AS lockstep_source_count,
  locksteps.target_count AS lockstep_target_count,
  locksteps.site_count AS lockstep_site_count,
  coalesce(batches.kind = 'purchase', FALSE) AS is_purchase_batch,
  coalesce(batches.kind = 'rented', FALSE) AS is_rented_batch,
  CAST(batches.domain_count AS VARCHAR) AS batch_seen,
  told.told_origin,
  told.told_by,
  coalesce(told.is_allowed, FALSE) AS is_allowed
FROM signals.link_texts AS texts
INNER JOIN signals.text_marks AS marks
  ON texts.link_number = marks.link_number
  AND texts.text_hash = marks.text_hash
  AND texts.words_version = marks.words_version
INNER JOIN signals.anchors AS anchors
  ON texts.site_domain = anchors.site_domain AND texts.provider = anchors.provider AND texts.anchor = anchors.anchor
INNER JOIN signals.linked_pages AS pages
  ON texts.site_domain = pages.site_domain AND texts.target_url = pages.target_url
LEFT JOIN signals.shared_pages AS addresses
  ON texts.site_domain = addresses.site_domain
  AND texts.provider = addresses.provider
  AND texts.path = addresses.value
  AND addresses.trait = 'address'
LEFT JOIN signals.shared_pages AS titles
  ON texts.site_domain = titles.site_domain
  AND texts.provider = titles.provider
  AND texts.title = titles.value
  AND titles.trait = 'title'
LEFT JOIN signals.foreign_scripts AS scripts
  ON marks.site_domain = scripts.site_domain
  AND marks.provider = scripts.provider
  AND marks.script = scripts.script
LEFT JOIN signals.source_profiles AS profiles
  ON texts.site_domain = profiles.site_domain
  AND texts.provider = profiles.provider
  AND texts.source_domain = profiles.source_domain
LEFT JOIN signals.source_customers AS customers ON texts.source_domain = customers.source_domain
LEFT JOIN signals.anchor_bursts AS bursts
  ON texts.site_domain = bursts.site_domain
  AND texts.provider = bursts.provider
  AND texts.target_url = bursts.target_url
  AND texts.anchor = bursts.anchor
  AND texts.source_domain = bursts.source_domain
LEFT JOIN signals.exchange_partners AS exchanges
  ON texts.site_domain = exchanges.site_domain AND texts.source_domain = exchanges.source_domain
LEFT JOIN signals.lockstep_members AS locksteps
  ON texts.site_domain = locksteps.site_domain
  AND texts.provider = locksteps.provider
  AND texts.source_domain = locksteps.source_domain
LEFT JOIN (
  SELECT members.link_id, members.kind, found.domain_count
  FROM signals.batch_members AS members
  INNER JOIN signals.link_batches AS found ON members.batch_id = found.batch_id
) AS batches
  ON texts.link_id = batches.link_id
LEFT JOIN signals.told_links AS told ON texts.link_id = told.link_id
