-- Groups of sources that act together, as this site sees them: its own members, days and pages, not those elsewhere.
WITH members AS (
  SELECT
    members.group_id, members.source_domain, min(edges.day) AS first_on,
    list(DISTINCT coalesce(pages.target_path, edges.target_url)) AS page_paths
  FROM signals.lockstep_members AS members
  JOIN signals.lockstep_edges AS edges
    ON edges.site_domain = $site_domain AND edges.provider = members.provider
    AND edges.source_domain = members.source_domain AND edges.target_url <> ''
  LEFT JOIN signals.linked_pages AS pages
    ON pages.site_domain = $site_domain AND pages.target_url = edges.target_url
  WHERE members.site_domain = $site_domain
  GROUP BY members.group_id, members.source_domain
),
groups AS (
  SELECT group_id, count(*) AS source_count, min(first_on) AS starts_on, max(first_on) AS ends_on
  FROM members
  GROUP BY group_id
  QUALIFY row_number() OVER (ORDER BY source_count DESC, starts_on, group_id) <= $most_groups
)
SELECT
  members.group_id, groups.source_count, groups.starts_on, groups.ends_on, members.source_domain, members.first_on,
  list_sort(members.page_paths) AS page_paths
FROM members
JOIN groups USING (group_id)
QUALIFY row_number() OVER (PARTITION BY members.group_id ORDER BY members.first_on, members.source_domain) <= $most_members
ORDER BY groups.source_count DESC, groups.starts_on, members.group_id, members.first_on, members.source_domain
