-- What each surge is made of; other sites it came to only where they are of the same owner.
SELECT surge_id, part, value, item_count, share, value_count, is_same_owner
FROM surges.surge_parts
WHERE as_of = $as_of AND site_domain = $site_domain AND part NOT IN ('anchor_kind', 'target_kind')
  AND (part <> 'site' OR is_same_owner)
ORDER BY surge_id, part, place
