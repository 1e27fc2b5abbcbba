-- surges.surge_composition: what kind of event each surge is: its measures, a reading, and the reasons for it. Earned
-- growth has to pass every one of its tests; the rest is told from what stands out. Measures that cannot be taken
-- (no authority known, too few days after the peak) are null and decide nothing.
WITH tops AS (
  SELECT
    surge_id,
    max(CASE WHEN part = 'source' AND place = 1 THEN value END) AS top_source_domain,
    max(CASE WHEN part = 'source' AND place = 1 THEN share END) AS top_source_share,
    max(CASE WHEN part = 'source' THEN variety END) AS source_variety,
    max(CASE WHEN part = 'network' AND place = 1 THEN value END) AS top_network,
    max(CASE WHEN part = 'network' AND place = 1 THEN share END) AS top_network_share,
    max(CASE WHEN part = 'network' THEN variety END) AS network_variety,
    max(CASE WHEN part = 'anchor' AND place = 1 THEN value END) AS top_anchor,
    max(CASE WHEN part = 'anchor' AND place = 1 THEN share END) AS top_anchor_share,
    max(CASE WHEN part = 'anchor' THEN variety END) AS anchor_variety,
    coalesce(sum(CASE WHEN part = 'anchor_kind' AND value IN ('commercial', 'repeated') THEN share END), 0)
      AS keyword_anchor_share,
    coalesce(sum(CASE WHEN part = 'anchor_kind' AND value = 'brand' THEN share END), 0) AS brand_anchor_share,
    coalesce(sum(CASE WHEN part = 'anchor_kind' AND value = 'address' THEN share END), 0) AS address_anchor_share,
    coalesce(sum(CASE WHEN part = 'anchor_kind' AND value = 'empty' THEN share END), 0) AS empty_anchor_share,
    max(CASE WHEN part = 'target' AND place = 1 THEN value END) AS top_target,
    max(CASE WHEN part = 'target' AND place = 1 THEN share END) AS top_target_share,
    max(CASE WHEN part = 'target' THEN variety END) AS target_variety,
    coalesce(sum(CASE WHEN part = 'target_kind' AND value = 'home' THEN share END), 0) AS home_target_share,
    coalesce(sum(CASE WHEN part = 'target_kind' AND value = 'commercial' THEN share END), 0)
      AS commercial_target_share,
    coalesce(sum(CASE WHEN part = 'target_kind' AND value = 'informational' THEN share END), 0)
      AS informational_target_share,
    coalesce(sum(CASE WHEN part = 'target_kind' AND value = 'file' THEN share END), 0) AS file_target_share,
    sum(
      CASE
        WHEN part = 'origin' AND value IN ('bought', 'exchanged', 'guest_post', 'link_programme') THEN item_count
        ELSE 0
      END
    ) AS arranged_count,
    sum(CASE WHEN part = 'origin' AND value <> 'spam' THEN item_count ELSE 0 END) AS unspammed_count,
    max(CASE WHEN part = 'site' THEN value_count END) AS shared_site_count,
    max(CASE WHEN part = 'site' AND is_same_owner THEN 1 WHEN part = 'site' AND NOT is_same_owner THEN 0 END)
      AS is_same_owner
  FROM surges.surge_parts
  WHERE as_of = $as_of
  GROUP BY surge_id
),

sharing_sites AS (
  SELECT surge_id, list_sort(list(value)) AS names
  FROM surges.surge_parts
  WHERE as_of = $as_of AND part = 'site'
  GROUP BY surge_id
),

members AS (
  SELECT
    surge_id,
    count(*) AS source_domain_count,
    sum(host_count) AS source_host_count,
    sum(link_count) AS link_count,
    sum(CASE WHEN is_nofollow THEN 1 ELSE 0 END) AS nofollow_count,
    count(is_nofollow) AS nofollow_known_count,
    median(source_authority) AS authority_median,
    sum(CASE WHEN other_site_count > 0 THEN 1 ELSE 0 END) AS shared_domain_count
  FROM surges.surge_members
  GROUP BY surge_id
),

-- The source host that came to most other monitored sites, the one with most links where several came to as many.
shared_hosts AS (
  SELECT surge_id, source_host
  FROM (
    SELECT
      surge_id,
      source_host,
      row_number() OVER (
        PARTITION BY surge_id ORDER BY other_site_count DESC, link_count DESC, source_host
      ) AS place
    FROM surges.surge_members
    WHERE other_site_count > 0
  ) AS placed
  WHERE place = 1
),

days AS (
  SELECT
    surge_id,
    day,
    domain_count,
    row_number() OVER (PARTITION BY surge_id ORDER BY domain_count DESC, day) AS place,
    sum(domain_count) OVER (PARTITION BY surge_id ORDER BY day) AS domains_so_far
  FROM (
    SELECT surge_id, first_seen_on AS day, count(*) AS domain_count
    FROM surges.surge_members
    GROUP BY surge_id, first_seen_on
  ) AS counted
),

peaks AS (
  SELECT
    surges.surge_id,
    surges.starts_on,
    days.day AS peak_on,
    days.domain_count AS peak_count,
    date_diff('day', surges.starts_on, surges.ends_on) AS days_long,
    date_diff('day', days.day, surges.ends_on) AS days_after
  FROM surges.link_surges AS surges
  INNER JOIN days ON surges.surge_id = days.surge_id AND days.place = 1
  WHERE surges.as_of = $as_of
),

-- The days after the peak in two halves; a day in the middle counts in neither.
falls AS (
  SELECT
    peaks.surge_id,
    -- Of the whole surge; a day in the middle counts half.
    sum(
      days.domain_count
      * CASE
        WHEN 2 * date_diff('day', peaks.starts_on, days.day) > peaks.days_long THEN CAST(1 AS DOUBLE)
        WHEN 2 * date_diff('day', peaks.starts_on, days.day) = peaks.days_long THEN CAST(0.5 AS DOUBLE)
        ELSE CAST(0 AS DOUBLE)
      END
    ) AS second_half_count,
    sum(
      CASE
        WHEN 2 * date_diff('day', peaks.peak_on, days.day) <= peaks.days_after AND days.day > peaks.peak_on
          THEN days.domain_count
        ELSE 0
      END
    ) AS earlier_count,
    sum(
      CASE
        WHEN 2 * (date_diff('day', peaks.peak_on, days.day) - 1) >= peaks.days_after AND days.day > peaks.peak_on
          THEN days.domain_count
        ELSE 0
      END
    ) AS later_count,
    min(
      CASE WHEN 2 * days.domains_so_far >= members.source_domain_count THEN date_diff('day', peaks.starts_on, days.day) END
    ) + 1 AS half_days,
    max(days.domain_count + coalesce(next_days.domain_count, 0)) AS two_day_count
  FROM peaks
  INNER JOIN days ON peaks.surge_id = days.surge_id
  INNER JOIN members ON peaks.surge_id = members.surge_id
  LEFT JOIN days AS next_days
    ON days.surge_id = next_days.surge_id AND date_diff('day', days.day, next_days.day) = 1
  GROUP BY peaks.surge_id
),

-- The text that most domains share, of those that are neither a name nor an address.
worded AS (
  SELECT surge_id, max(domain_count) AS domain_count
  FROM (
    SELECT surge_id, lower(trim(anchor_text)) AS anchor, count(*) AS domain_count
    FROM surges.surge_members
    WHERE anchor_kind NOT IN ('brand', 'address', 'empty')
    GROUP BY surge_id, lower(trim(anchor_text))
  ) AS anchors
  GROUP BY surge_id
),

measured AS (
  SELECT
    surges.as_of,
    surges.surge_id,
    surges.site_domain,
    surges.provider,
    surges.origin,
    CAST(members.source_domain_count AS BIGINT) AS source_domain_count,
    CAST(members.source_host_count AS BIGINT) AS source_host_count,
    CAST(members.link_count AS BIGINT) AS link_count,
    tops.top_source_domain,
    tops.top_source_share,
    tops.source_variety,
    tops.top_network,
    tops.top_network_share,
    tops.network_variety,
    tops.top_anchor,
    tops.top_anchor_share,
    tops.anchor_variety,
    tops.keyword_anchor_share,
    tops.brand_anchor_share,
    tops.address_anchor_share,
    tops.empty_anchor_share,
    coalesce(CAST(worded.domain_count AS DOUBLE), 0) / members.source_domain_count AS worded_anchor_share,
    tops.top_target,
    tops.top_target_share,
    tops.target_variety,
    tops.home_target_share,
    tops.commercial_target_share,
    tops.informational_target_share,
    tops.file_target_share,
    CASE
      WHEN tops.unspammed_count > 0 THEN CAST(tops.arranged_count AS DOUBLE) / tops.unspammed_count
      ELSE 0
    END AS arranged_share,
    peaks.peak_on,
    CAST(peaks.peak_count AS DOUBLE) / members.source_domain_count AS peak_share,
    CAST(falls.two_day_count AS DOUBLE) / members.source_domain_count AS two_day_share,
    CAST(falls.half_days AS BIGINT) AS half_days,
    CASE
      WHEN peaks.days_after >= $decay_days
        THEN falls.second_half_count / members.source_domain_count
    END AS later_share,
    CASE
      WHEN peaks.days_after >= $decay_days AND falls.earlier_count > 0
        THEN CAST(falls.later_count AS DOUBLE) / falls.earlier_count
    END AS decay_ratio,
    CASE
      WHEN members.nofollow_known_count > 0
        THEN CAST(members.nofollow_count AS DOUBLE) / members.nofollow_known_count
    END AS nofollow_share,
    members.authority_median,
    CAST(members.shared_domain_count AS BIGINT) AS shared_domain_count,
    CAST(members.shared_domain_count AS DOUBLE) / members.source_domain_count AS shared_share,
    CAST(coalesce(tops.shared_site_count, 0) AS BIGINT) AS shared_site_count,
    shared_hosts.source_host AS shared_host,
    array_to_string(sharing_sites.names, ', ') AS shared_with,
    CASE WHEN tops.is_same_owner = 1 THEN TRUE WHEN tops.is_same_owner = 0 THEN FALSE END AS is_same_owner,
    peaks.peak_on = series.ends_on AS is_peak_last_day
  FROM surges.link_surges AS surges
  INNER JOIN members ON surges.surge_id = members.surge_id
  INNER JOIN tops ON surges.surge_id = tops.surge_id
  INNER JOIN peaks ON surges.surge_id = peaks.surge_id
  INNER JOIN falls ON surges.surge_id = falls.surge_id
  LEFT JOIN sharing_sites ON surges.surge_id = sharing_sites.surge_id
  LEFT JOIN worded ON surges.surge_id = worded.surge_id
  LEFT JOIN shared_hosts ON surges.surge_id = shared_hosts.surge_id
  LEFT JOIN signals.link_series AS series
    ON surges.site_domain = series.site_domain AND surges.provider = series.provider
  WHERE surges.as_of = $as_of
),

judged AS (
  SELECT
    measured.*,
    source_domain_count >= $least_domains AS is_large,
    source_domain_count >= $least_domains AND top_network_share >= $network_share AS is_one_network,
    source_domain_count >= $least_domains AND keyword_anchor_share >= $keyword_share AS is_keywords,
    source_domain_count >= $least_domains AND worded_anchor_share >= $page_anchor_share AS is_one_anchor,
    source_domain_count >= $least_domains AND peak_share >= $day_share AS is_one_day,
    shared_domain_count >= $shared_domains AND shared_share >= $shared_share AS is_shared,
    source_domain_count >= $earned_domains
    AND top_network_share <= $earned_network_share
    AND network_variety >= $earned_variety * source_domain_count AS is_varied,
    keyword_anchor_share <= $earned_keyword_share AND worded_anchor_share <= $page_anchor_share AS is_freely_worded,
    1 - home_target_share - commercial_target_share - file_target_share >= $earned_page_share
    AND target_variety <= $earned_targets AS is_to_pages,
    peak_share <= $earned_day_share AND coalesce(later_share, 0) <= $earned_later_share AS is_fading,
    arranged_share <= $earned_arranged_share AS is_unarranged
  FROM measured
),

read AS (
  SELECT
    judged.*,
    (
      origin IN ('natural', 'unknown')
      AND is_varied
      AND is_freely_worded
      AND is_to_pages
      AND is_fading
      AND is_unarranged
      AND NOT is_shared
    ) AS is_earned
  FROM judged
)

SELECT
  as_of,
  surge_id,
  site_domain,
  provider,
  origin,
  CASE
    WHEN NOT is_large THEN 'unclear'
    WHEN is_earned THEN 'earned_growth'
    WHEN is_shared THEN 'shared_source'
    WHEN (is_one_network OR is_keywords OR is_one_anchor) AND is_one_day THEN 'mixed'
    WHEN is_one_network OR is_keywords OR is_one_anchor THEN 'concentrated'
    WHEN is_one_day THEN 'synchronous'
    ELSE 'unclear'
  END AS reading,
  concat(
    '[',
    concat_ws(
      ', ',
      CASE WHEN NOT is_large THEN '"few_domains"' END,
      CASE WHEN is_shared AND is_same_owner THEN '"shared_sources_of_one_owner"' END,
      CASE WHEN is_shared AND NOT coalesce(is_same_owner, FALSE) THEN '"shared_sources"' END,
      CASE WHEN is_one_network THEN '"one_network"' END,
      CASE WHEN is_keywords THEN '"keyword_anchors"' END,
      CASE WHEN is_one_anchor AND NOT is_keywords THEN '"one_anchor"' END,
      CASE WHEN is_one_day AND NOT coalesce(is_peak_last_day, FALSE) THEN '"one_day"' END,
      CASE WHEN is_one_day AND coalesce(is_peak_last_day, FALSE) THEN '"day_of_export"' END,
      CASE WHEN is_varied AND is_large THEN '"many_sources"' END,
      CASE WHEN is_earned AND is_freely_worded THEN '"free_wording"' END,
      CASE WHEN is_earned AND informational_target_share >= $earned_page_share THEN '"informational_page"' END,
      CASE WHEN is_earned AND informational_target_share < $earned_page_share THEN '"inner_page"' END,
      CASE WHEN is_earned AND later_share <= $earned_later_share THEN '"fades"' END,
      CASE WHEN NOT is_unarranged AND origin IN ('natural', 'unknown') THEN '"arranged_beside"' END
    ),
    ']'
  ) AS reasons,
  source_domain_count,
  source_host_count,
  link_count,
  top_source_domain,
  top_source_share,
  source_variety,
  top_network,
  top_network_share,
  network_variety,
  top_anchor,
  top_anchor_share,
  anchor_variety,
  keyword_anchor_share,
  brand_anchor_share,
  address_anchor_share,
  empty_anchor_share,
  worded_anchor_share,
  top_target,
  top_target_share,
  target_variety,
  home_target_share,
  commercial_target_share,
  informational_target_share,
  arranged_share,
  peak_on,
  peak_share,
  two_day_share,
  half_days,
  later_share,
  decay_ratio,
  nofollow_share,
  authority_median,
  shared_domain_count,
  shared_share,
  shared_site_count,
  shared_host,
  shared_with,
  is_same_owner
FROM read
