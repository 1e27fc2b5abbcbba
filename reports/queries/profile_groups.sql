-- Groups of sources that act together, as each site sees them: its own members, days and pages, not those elsewhere.
WITH asked AS (SELECT unnest($asked, recursive := true)),
members AS (
  SELECT
    members.site_domain, members.group_id, members.source_domain, min(edges.day) AS first_on,
    list_sort(list(DISTINCT coalesce(pages.target_path, edges.target_url))) AS page_paths
  FROM signals.lockstep_members AS members
  JOIN asked USING (site_domain)
  JOIN signals.lockstep_edges AS edges
    ON edges.site_domain = members.site_domain AND edges.provider = members.provider
    AND edges.source_domain = members.source_domain AND edges.target_url <> ''
  LEFT JOIN signals.linked_pages AS pages
    ON pages.site_domain = members.site_domain AND pages.target_url = edges.target_url
  GROUP BY members.site_domain, members.group_id, members.source_domain
),
groups AS (
  SELECT
    site_domain, group_id, count(*) AS source_count, min(first_on) AS starts_on, max(first_on) AS ends_on,
    row_number() OVER (PARTITION BY site_domain ORDER BY count(*) DESC, min(first_on), group_id) AS place
  FROM members
  GROUP BY site_domain, group_id
  QUALIFY place <= $most_groups
)
SELECT
  members.site_domain, members.group_id, groups.source_count, groups.starts_on, groups.ends_on, members.source_domain,
  members.first_on, members.page_paths
FROM members
JOIN groups USING (site_domain, group_id)
QUALIFY row_number() OVER (
  PARTITION BY members.site_domain, members.group_id ORDER BY members.first_on, members.source_domain
) <= $most_members
ORDER BY members.site_domain, groups.place, members.first_on, members.source_domain
