-- signals.tracked_segments: the parts of a site that a tracker's basket can be split into, a row per keyword of each.
--
-- A part that holds the whole basket is left out: it would be the site's own series once more. So is one with fewer
-- searches than least_segment_volume, and a page, directory or market beyond the largest few: by volume, which does not
-- change when the part falls.
WITH parts AS (
  SELECT basket_number, site_domain, provider, volume, 'site' AS segment_kind, 'site' AS segment
  FROM signals.tracked_keywords
  UNION ALL
  SELECT
    basket_number, site_domain, provider, volume, 'page' AS segment_kind, concat('page:', page_path) AS segment
  FROM signals.tracked_keywords
  WHERE page_path IS NOT NULL
  UNION ALL
  SELECT
    basket_number,
    site_domain,
    provider,
    volume,
    'directory' AS segment_kind,
    concat('directory:', regexp_extract(page_path, '^/([^/]*/)?', 0)) AS segment
  FROM signals.tracked_keywords
  WHERE page_path IS NOT NULL
  UNION ALL
  SELECT
    basket_number, site_domain, provider, volume, 'keywords' AS segment_kind, concat('keywords:', keyword_group) AS segment
  FROM signals.tracked_keywords
  UNION ALL
  SELECT basket_number, site_domain, provider, volume, 'market' AS segment_kind, concat('market:', country) AS segment
  FROM signals.tracked_keywords
  WHERE length(country) = 2
  UNION ALL
  SELECT basket_number, site_domain, provider, volume, 'device' AS segment_kind, concat('device:', device) AS segment
  FROM signals.tracked_keywords
  WHERE device <> ''
),

-- Decimals are summed exactly, so that the order of rows cannot change the last digit.
sizes AS (
  SELECT
    site_domain,
    provider,
    segment_kind,
    segment,
    count(*) AS basket_size,
    sum(CAST(volume AS DECIMAL(18, 3))) AS basket_volume
  FROM parts
  GROUP BY site_domain, provider, segment_kind, segment
),

ranked AS (
  SELECT
    part.site_domain,
    part.provider,
    part.segment_kind,
    part.segment,
    part.basket_size,
    part.basket_volume,
    whole.basket_size AS site_basket_size,
    row_number() OVER (
      PARTITION BY part.site_domain, part.provider, part.segment_kind ORDER BY part.basket_volume DESC, part.segment
    ) AS place
  FROM sizes AS part
  INNER JOIN sizes AS whole
    ON part.site_domain = whole.site_domain AND part.provider = whole.provider AND whole.segment_kind = 'site'
),

kept AS (
  SELECT site_domain, provider, segment, basket_size, basket_volume
  FROM ranked
  WHERE
    segment_kind = 'site'
    OR basket_size < site_basket_size
    AND basket_volume >= $least_segment_volume
    AND place <= CASE segment_kind
      WHEN 'page' THEN $page_segments
      WHEN 'directory' THEN $directory_segments
      ELSE $market_segments
    END
)

SELECT
  parts.basket_number,
  parts.site_domain,
  parts.provider,
  parts.segment_kind,
  parts.segment,
  CAST(kept.basket_size AS BIGINT) AS basket_size,
  CAST(kept.basket_volume AS DOUBLE) AS basket_volume
FROM parts
INNER JOIN kept
  ON parts.site_domain = kept.site_domain AND parts.provider = kept.provider AND parts.segment = kept.segment
