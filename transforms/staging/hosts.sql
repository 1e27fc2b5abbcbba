-- staging.hosts: hosts of linking pages that were not known before the file.
SELECT
  found.host_id,
  found.host,
  found.domain
FROM arrived.link_hosts AS found
LEFT JOIN staging.hosts AS known ON found.host_id = known.host_id
WHERE known.host_id IS NULL
