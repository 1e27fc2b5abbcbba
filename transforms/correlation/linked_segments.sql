-- correlation.linked_segments: the pages that each surge of the night links to, named as segments of visibility.
SELECT DISTINCT
  members.surge_id,
  members.site_domain,
  concat('page:', coalesce(nullif(pages.target_path, ''), '/')) AS segment
FROM surges.surge_members AS members
INNER JOIN signals.linked_pages AS pages
  ON members.site_domain = pages.site_domain AND members.target_url = pages.target_url
