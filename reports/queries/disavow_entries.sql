-- What the newest disavow file lists that the team loaded, in the order of that file.
SELECT entry_kind, entry, note, observed_on
FROM staging.disavow_entries
WHERE site_domain = $site_domain
ORDER BY row_number, entry_kind, entry
