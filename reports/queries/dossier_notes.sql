-- What the team itself wrote down of referring domains, for the site alone: judgements and placements, oldest first.
SELECT site_domain, source_domain, said, said_on, said_by, origin, campaign, removed_on, note
FROM (
  SELECT
    site_domain, subject_domain AS source_domain, 'label' AS said, labelled_on AS said_on, labelled_by AS said_by, origin,
    CAST(NULL AS VARCHAR) AS campaign, CAST(NULL AS DATE) AS removed_on, note
  FROM staging.labels
  WHERE list_contains($sites, site_domain)
  UNION ALL
  SELECT
    site_domain, source_domain, 'placement' AS said, placed_on AS said_on, CAST(NULL AS VARCHAR) AS said_by, kind AS origin,
    campaign, removed_on, note
  FROM staging.placements
  WHERE list_contains($sites, site_domain)
) AS notes
ORDER BY site_domain, source_domain, said_on NULLS FIRST, said, note, campaign, removed_on
