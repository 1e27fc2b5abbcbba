-- The pages that links lead to beside the site's other pages, day by day: of an incident's surge, or, where it has none,
-- of the arranged links that came before its drop.
WITH chosen AS (
  SELECT unnest($drop_ids) AS drop_id, unnest($surge_ids) AS surge_id
)
SELECT chosen.drop_id, days.provider, days.day, days.linked_visibility, days.other_visibility
FROM chosen
JOIN correlation.linked_days AS days ON chosen.surge_id = days.surge_id
WHERE days.site_domain = $site_domain AND days.kind = 'page' AND days.day <= $as_of
UNION ALL
SELECT chosen.drop_id, days.provider, days.day, days.linked_visibility, days.other_visibility
FROM chosen
JOIN correlation.arranged_days AS days ON chosen.drop_id = days.drop_id
WHERE days.site_domain = $site_domain AND chosen.surge_id IS NULL AND days.day <= $as_of
ORDER BY drop_id, provider, day
