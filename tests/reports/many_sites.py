"""A portfolio of a thousand invented sites, by SQL: what the pages over all sites must hold."""

from __future__ import annotations

import duckdb

from tests.reports.invented_rows import AS_OF

SITES = 1_000

_STATEMENTS = f"""
CREATE TEMP TABLE many AS
SELECT
  number,
  printf('%s-%s-%04d.example', (['garden', 'bicycle', 'mountain', 'kitchen', 'travel'])[1 + number % 5],
    (['market', 'company', 'warehouse'])[1 + number % 3], number) AS site_domain,
  'Client ' || (number % 40) AS group_name,
  (['Anna', 'Bram', 'Chris', 'Daan'])[1 + number % 4] AS owner,
  round((number * 37 % 1000) / 10.0, 1) AS score
FROM range({SITES}) AS t(number);

INSERT INTO ingest.listed_sites BY NAME
SELECT site_domain, 'listed' AS standing, group_name, owner FROM many;

INSERT INTO risk.site_risk BY NAME
SELECT site_domain, DATE '{AS_OF}' - CAST(night AS INTEGER) AS day,
  CASE WHEN number % 25 <> 7 THEN greatest(0, least(100, score - night / 3.0 + (night * number) % 5)) END AS risk_score,
  CASE WHEN number % 25 = 7 THEN 'not_assessed' WHEN score < 25 THEN 'low' WHEN score < 50 THEN 'raised'
    WHEN score < 75 THEN 'high' ELSE 'severe' END AS tier,
  CASE WHEN number % 25 = 7 THEN 'none' ELSE 'both' END AS basis, '[]' AS reasons
FROM many, range(60) AS n(night);

INSERT INTO reports.nights BY NAME
SELECT site_domain, day AS as_of, CASE WHEN day < DATE '{AS_OF}' - 10 THEN 'before' ELSE 'after' END AS method_version,
  'same' AS labels_version, CAST(day AS VARCHAR) AS data_version
FROM risk.site_risk;

INSERT INTO signals.visibility BY NAME
SELECT site_domain, 'site' AS segment_kind, 'site' AS segment, 'search_console' AS provider,
  DATE '{AS_OF}' - CAST(night AS INTEGER) AS day,
  1000 + number + 200 * sin(night / 5.0) - CASE WHEN number % 9 = 0 AND night < 20 THEN 500 ELSE 0 END AS visibility
FROM many, range(2, 60) AS n(night) WHERE number % 3 <> 0;

INSERT INTO ingest.export_files BY NAME
SELECT left(md5(site_domain), 16) AS file_id, site_domain || '/links.csv' AS path, 'ahrefs_backlinks' AS format,
  'ahrefs_backlinks' AS provider, site_domain, md5(site_domain) AS sha256, 1000 AS row_count, 990 AS loaded_count,
  0 AS merged_count, 10 AS rejected_count, FALSE AS is_truncated,
  DATE '{AS_OF}' - CAST(number % 30 AS INTEGER) AS exported_on, 'file_name' AS exported_on_source, 'loaded' AS status
FROM many;

INSERT INTO ingest.feeds BY NAME
SELECT site_domain, 'ahrefs_backlinks' AS provider, 'weekly' AS cadence, 'assumed' AS cadence_source,
  10 AS allowed_days, 1 AS export_count, DATE '{AS_OF}' - CAST(number % 30 AS INTEGER) AS newest_on,
  number % 30 AS age_days,
  number % 30 > 20 AS is_stale
FROM many;

INSERT INTO signals.link_series BY NAME
SELECT site_domain, 'ahrefs_backlinks' AS provider, DATE '2025-01-01' AS starts_on,
  DATE '{AS_OF}' - CAST(number % 30 AS INTEGER) AS ends_on, FALSE AS is_truncated, 1 AS export_count, 900 AS link_count,
  200 AS domain_count, 1.0 AS dated_share
FROM many;

INSERT INTO surges.link_surges BY NAME
SELECT model.* REPLACE (many.site_domain AS site_domain, left(md5('surge' || many.site_domain), 16) AS surge_id,
  TRUE AS is_active)
FROM (SELECT * FROM surges.link_surges WHERE as_of = DATE '{AS_OF}' AND origin = 'bought' LIMIT 1) AS model, many
WHERE number % 8 = 0;

INSERT INTO drops.ranking_drops BY NAME
SELECT model.* REPLACE (many.site_domain AS site_domain, left(md5('drop' || many.site_domain), 16) AS drop_id)
FROM (SELECT * FROM drops.ranking_drops WHERE as_of = DATE '{AS_OF}' AND is_active LIMIT 1) AS model, many
WHERE number % 9 = 0;

INSERT INTO correlation.drop_causes BY NAME
SELECT DATE '{AS_OF}' AS as_of, left(md5('drop' || site_domain), 16) AS drop_id, site_domain,
  (['links', 'update', 'unknown', 'season'])[1 + number % 4] AS cause, 0.5 + (number % 50) / 100.0 AS probability,
  0.4 AS probability_low, 0.99 AS probability_high, '[]' AS evidence
FROM many WHERE number % 9 = 0;

INSERT INTO surges.assessed_series BY NAME
SELECT DATE '{AS_OF}' AS as_of, site_domain, 'ahrefs_backlinks' AS provider, 'bought' AS origin, 'tested' AS status,
  DATE '2026-01-01' AS tested_from_on, DATE '{AS_OF}' AS tested_until_on, 300 AS history_days
FROM many;

INSERT INTO reports.alerts BY NAME
SELECT left(md5('alert' || site_domain), 16) AS alert_id, 'surge:' || site_domain AS dedupe_key, site_domain,
  'stale_feed' AS kind, 'warning' AS severity, site_domain AS finding_id, 'alert.stale_feed.assumed' AS message_key,
  to_json({{site: site_domain, provider: 'ahrefs_backlinks', newest_on: '2026-10-20', age_days: 26,
    cadence: 'weekly'}}) AS arguments,
  DATE '{AS_OF}' AS as_of, TIMESTAMP '{AS_OF} 04:00:00' AS raised_at, 'new' AS status, 'new' AS step,
  FALSE AS is_page, TRUE AS is_open, (['Anna', 'Bram', 'Chris', 'Daan'])[1 + number % 4] AS owner
FROM many WHERE number % 10 = 0;

INSERT INTO signals.lockstep_members BY NAME
SELECT site_domain, 'ahrefs_backlinks' AS provider, 'ring-' || source || '.example' AS source_domain,
  CASE WHEN number < 4 THEN 'group-one' ELSE 'group-two' END AS group_id, 3 AS link_count, 12 AS source_count,
  6 AS target_count, 4 AS site_count, DATE '2026-09-01' AS starts_on, DATE '2026-09-12' AS ends_on, 0.0001 AS chance
FROM many, range(12) AS t(source) WHERE number < 7;

INSERT INTO signals.source_customers BY NAME
SELECT 'shop-' || source || '.example' AS source_domain, 3 AS site_count, 3 AS owner_count, 40 AS span_days
FROM range(80) AS t(source);

INSERT INTO signals.domain_origins BY NAME
SELECT site_domain, 'ahrefs_backlinks' AS provider, 'shop-' || source || '.example' AS source_domain,
  'bought' AS origin, 0.8 AS probability, DATE '2026-08-01' + CAST(source % 60 AS INTEGER) AS first_seen_on,
  2 AS link_count
FROM many, range(80) AS t(source) WHERE number IN (source, source + 1, source + 2);

INSERT INTO signals.exchange_partners BY NAME
SELECT site_domain, 'partner.example' AS source_domain, 'mutual' AS form, 4 AS days_apart, 0.7 AS probability,
  TRUE AS is_synchronous, 3 AS partner_site_count
FROM many WHERE number IN (10, 11, 12);

INSERT INTO signals.exchange_candidates BY NAME
SELECT site_domain, 'partner.example' AS source_domain, 'mutual' AS form, DATE '2026-07-01' AS in_on,
  DATE '2026-07-05' AS out_on, 2 AS known_day_count, 1 AS way_count
FROM many WHERE number IN (10, 11, 12);

INSERT INTO signals.domain_edges BY NAME
SELECT taker.site_domain, 'ahrefs_backlinks' AS provider, 'in' AS direction, giver.site_domain AS other_domain,
  DATE '2026-05-01' AS linked_on, DATE '2026-05-01' AS first_seen_on, FALSE AS is_hub
FROM many AS taker JOIN many AS giver ON giver.number = taker.number + 1 WHERE taker.number IN (20, 40);
"""


def add_many_sites(connection: duckdb.DuckDBPyConnection) -> None:
    """A thousand sites beside the five of the invented warehouse: sixty nights, forty groups, four owners."""
    connection.execute(_STATEMENTS)
