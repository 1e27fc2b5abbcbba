-- What the newest disavow file of each site lists that the team loaded, in the order of that file.
SELECT site_domain, entry_kind, entry, note, observed_on
FROM staging.disavow_entries
WHERE list_contains($sites, site_domain)
ORDER BY site_domain, row_number, entry_kind, entry
