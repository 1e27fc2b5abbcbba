-- staging.label_observations: what one list of the team says of links and domains.
-- A judgement is known from the day its row gives, so that a night before the file's day has the older ones. A row said
-- twice by the same person on the same day is one; rows that contradict each other are all kept.
-- What has a scheme or a path is a link (https://blog.example/ is the home page), a bare host is a domain.
SELECT
  file_id,
  row_number,
  site_domain,
  subject_kind,
  CASE WHEN subject_kind = 'domain' THEN bare_host ELSE bare_host || path END AS subject_key,
  subject_domain,
  subject,
  origin,
  labelled_by,
  labelled_on,
  note,
  CASE WHEN labelled_on < file_observed_on THEN labelled_on ELSE file_observed_on END AS observed_on,
  CAST(same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    listed.*,
    file.file_id,
    file.observed_on AS file_observed_on,
    host.domain AS subject_domain,
    CASE
      WHEN substring(listed.subject_host, 1, 4) = 'www.' AND contains(substring(listed.subject_host, 5), '.')
        THEN substring(listed.subject_host, 5)
      ELSE listed.subject_host
    END AS bare_host,
    rtrim(
      regexp_extract(listed.subject, '^(?:(?:[a-zA-Z][a-zA-Z0-9+.\-]*:)?//)?[^/?#]*([^#]*)', 1), '/'
    ) AS path,
    CASE
      WHEN contains(listed.subject, '//')
        OR rtrim(regexp_extract(listed.subject, '^[^/?#]*([^#]*)', 1), '/') <> ''
        THEN 'link'
      ELSE 'domain'
    END AS subject_kind,
    row_number() OVER (
      PARTITION BY listed.site_domain, listed.subject, listed.origin, listed.labelled_by, listed.labelled_on
      ORDER BY listed.row_number DESC
    ) AS key_place,
    count(*) OVER (
      PARTITION BY listed.site_domain, listed.subject, listed.origin, listed.labelled_by, listed.labelled_on
    ) AS same_key_count
  FROM arrived.labels AS listed
  CROSS JOIN arrived.file AS file
  INNER JOIN arrived.hosts AS host ON host.host = listed.subject_host
) AS said
WHERE key_place = 1
