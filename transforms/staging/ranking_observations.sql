-- staging.ranking_observations: what one export said of each position.
-- A file without days speaks of the day of the export. Several pages that rank for one keyword are one row: the best
-- position; not ranked comes last.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.keyword,
  said.page_url,
  said.device,
  said.country,
  coalesce(said.ranked_on, said.observed_on) AS ranked_on,
  said.position,
  said.search_volume,
  said.tracked_depth,
  said.observed_on,
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    ranking.*,
    file.file_id,
    file.site_domain,
    file.provider,
    file.tracked_depth,
    file.observed_on,
    row_number() OVER (
      PARTITION BY
        ranking.keyword, coalesce(ranking.device, ''), coalesce(ranking.country, ''),
        coalesce(ranking.ranked_on, file.observed_on)
      ORDER BY coalesce(ranking.position, 1000000.0), ranking.row_number
    ) AS place,
    count(*) OVER (
      PARTITION BY
        ranking.keyword, coalesce(ranking.device, ''), coalesce(ranking.country, ''),
        coalesce(ranking.ranked_on, file.observed_on)
    ) AS same_key_count
  FROM arrived.rankings AS ranking
  CROSS JOIN arrived.file AS file
) AS said
WHERE said.place = 1
