-- signals.link_lives: how many referring domains of a site came on a day and were lost on a day, by authority.
-- A domain is lost when its last link is. A link that a complete export lacks was lost on some day after the export
-- that last held it: lost_after_on; a day of loss that the provider gives stands for itself.
SELECT
  domains.site_domain,
  domains.provider,
  domains.placed_on,
  domains.lost_on,
  CASE WHEN domains.lost_on > domains.observed_on THEN domains.observed_on END AS lost_after_on,
  CAST(5 * floor(domains.authority / 5.0) AS BIGINT) AS authority_band,
  CAST(count(*) AS BIGINT) AS domain_count,
  max(domains.ends_on) AS ends_on
FROM (
  SELECT
    site_domain,
    provider,
    min(first_seen_on) AS placed_on,
    CASE WHEN count(lost_on) = count(*) THEN max(lost_on) END AS lost_on,
    max(observed_on) AS observed_on,
    max(source_authority) AS authority,
    max(max(observed_on)) OVER (PARTITION BY site_domain, provider) AS ends_on
  FROM staging.links
  GROUP BY site_domain, provider, source_domain
) AS domains
WHERE domains.placed_on IS NOT NULL
GROUP BY
  domains.site_domain,
  domains.provider,
  domains.placed_on,
  domains.lost_on,
  CASE WHEN domains.lost_on > domains.observed_on THEN domains.observed_on END,
  CAST(5 * floor(domains.authority / 5.0) AS BIGINT)
