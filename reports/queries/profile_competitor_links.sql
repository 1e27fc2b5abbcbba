-- The links of a competitor as its newest export of the provider lists them, with their texts (written once, by the
-- file that first had them). Anchors are judged by the query of signals.anchors, as those of the site itself are.
WITH newest AS (
  SELECT file_id
  FROM ingest.export_files
  WHERE site_domain = $competitor_domain AND provider = $provider AND status = 'loaded'
    AND exported_on <= $as_of AND superseded_by IS NULL
  ORDER BY exported_on DESC, file_id
  LIMIT 1
)
SELECT said.site_domain, said.provider, hosts.domain AS source_domain, texts.anchor_text, said.is_sponsored
FROM staging.link_observations AS said
JOIN newest ON newest.file_id = said.file_id
JOIN staging.link_observations AS texts ON texts.link_id = said.link_id AND texts.file_id = said.described_in
JOIN staging.hosts AS hosts ON hosts.host_id = said.source_host_id
WHERE said.site_domain = $competitor_domain
