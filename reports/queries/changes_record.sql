-- What the score of the night stands on, of each site whose tables stand at that night; a repeated night is replaced.
WITH judged AS (
  SELECT risk.site_domain
  FROM risk.site_risk AS risk
  JOIN staging.known_days AS known ON known.site_domain = risk.site_domain AND known.as_of = $as_of
  WHERE risk.day = $as_of
),
rule_sets AS (
  SELECT site_domain, max(rule_set) AS rule_set FROM signals.link_marks GROUP BY site_domain
),
said AS (
  SELECT site_domain, concat_ws('|', 'label', subject_kind, subject_key, origin) AS words FROM staging.labels
  UNION ALL
  SELECT site_domain, concat_ws('|', 'placement', source_url, target_url, removed_on) FROM staging.placements
  UNION ALL
  SELECT site_domain, concat_ws('|', 'allowed', allowed_domain, is_owned) FROM ingest.allowed_domains
  UNION ALL
  SELECT site_domain, concat_ws('|', 'owner', owner_group, 'brand', brand_words)
  FROM ingest.listed_sites
  WHERE owner_group IS NOT NULL OR brand_words IS NOT NULL
  UNION ALL
  SELECT site_domain, concat_ws('|', 'disavowed', entry_kind, entry) FROM staging.disavow_entries
),
labels AS (
  SELECT site_domain, md5(string_agg(words, chr(10) ORDER BY words)) AS version FROM said GROUP BY site_domain
),
newest AS (
  SELECT site_domain,
    concat_ws('|', provider, count(*), max_by(file_id, (coalesce(exported_on, DATE '1970-01-01'), file_id))) AS words
  FROM ingest.export_files
  WHERE status = 'loaded' AND (exported_on IS NULL OR exported_on <= $as_of)
    AND provider NOT IN ('labels', 'placements', 'google_disavow')
  GROUP BY site_domain, provider
),
files AS (
  SELECT site_domain, md5(string_agg(words, chr(10) ORDER BY words)) AS version FROM newest GROUP BY site_domain
)
SELECT
  CAST($as_of AS DATE) AS as_of,
  judged.site_domain,
  left(md5(concat_ws('|', $method, rule_sets.rule_set)), 16) AS method_version,
  left(md5(concat_ws('|', labels.version, labels_of_all.version)), 16) AS labels_version,
  left(md5(concat_ws('|', files.version, files_of_all.version)), 16) AS data_version
FROM judged
LEFT JOIN rule_sets ON rule_sets.site_domain = judged.site_domain
LEFT JOIN labels ON labels.site_domain = judged.site_domain
LEFT JOIN labels AS labels_of_all ON labels_of_all.site_domain IS NULL
LEFT JOIN files ON files.site_domain = judged.site_domain
LEFT JOIN files AS files_of_all ON files_of_all.site_domain IS NULL
