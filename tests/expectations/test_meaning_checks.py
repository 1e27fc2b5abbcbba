"""Every check can fail: each is broken in a site of its own, and only there, and nothing else breaks with it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence

import duckdb
import pytest

from expectations.runner import check_stage
from expectations.suites import meaning_checks
from transforms.stages import STAGES

OpenWorld = Callable[[Sequence[str]], duckdb.DuckDBPyConnection]

# check -> what makes it (and nothing else) fail for the site; {site} is put in.
BREAKS = {
    # ingest
    "rows_accounted_for": "UPDATE ingest.export_files SET row_count = 201 WHERE {own} AND rejected_count = 1",
    "rejected_rows_recorded": "DELETE FROM ingest.rejected_rows WHERE file_id = '{site}-0'",
    "rejected_share": """
        UPDATE ingest.export_files SET row_count = 300, rejected_count = 101 WHERE {own} AND rejected_count = 1;
        INSERT INTO ingest.rejected_rows SELECT '{site}-0', unnest(range(1000, 1100)), 'x', NULL, 'r'""",
    "rejected_share_low": """
        UPDATE ingest.export_files SET loaded_count = 190, rejected_count = 10 WHERE {own} AND rejected_count = 1;
        INSERT INTO ingest.rejected_rows SELECT '{site}-0', unnest(range(1000, 1009)), 'x', NULL, 'r'""",
    "files_set_aside": """
        INSERT INTO ingest.export_files BY NAME
        SELECT * REPLACE ('{site}-x' AS file_id, 'set_aside' AS status, NULL AS provider, NULL AS format)
        FROM ingest.export_files WHERE file_id = '{site}-1'""",
    "undated_files_used": """
        INSERT INTO ingest.export_files BY NAME
        SELECT * REPLACE ('{site}-x' AS file_id, 'screaming_frog' AS provider, 'screaming_frog_outlinks' AS format,
          'file_modified' AS exported_on_source, exported_on + 9 AS exported_on)
        FROM ingest.export_files WHERE file_id = '{site}-1'""",
    "columns_known": "UPDATE ingest.export_files SET unknown_columns = 'Toxic zone' WHERE file_id = '{site}-0'",
    "export_is_complete": "UPDATE ingest.export_files SET is_truncated = true WHERE file_id = '{site}-0'",
    "feed_is_fresh": "UPDATE ingest.feeds SET is_stale = TRUE WHERE {own}",
    "site_entry_usable": "UPDATE ingest.listed_sites SET standing = 'faulty' WHERE {own}",
    "export_size_steady": """
        UPDATE ingest.export_files SET row_count = 98, loaded_count = 98, rejected_count = 0 WHERE file_id = '{site}-0';
        DELETE FROM ingest.rejected_rows WHERE file_id = '{site}-0'""",
    "export_not_collapsed": """
        UPDATE ingest.export_files SET row_count = 39, loaded_count = 39, rejected_count = 0
        WHERE file_id IN ('{site}-0', '{site}-1');
        DELETE FROM ingest.rejected_rows WHERE file_id = '{site}-0'""",
    # staging
    "links_keep_texts_and_hosts": "UPDATE staging.link_observations SET described_in = 'gone' WHERE {own}",
    "links_have_hosts": "UPDATE staging.links SET source_url = 'https://nowhere/' WHERE link_id = '{site}/1'",
    "link_domain_of_host": "UPDATE staging.links SET source_host = 'evilblog1.example' WHERE link_id = '{site}/1'",
    "links_from_elsewhere": """
        UPDATE staging.links SET source_domain = site_domain, source_host = 'www.' || site_domain
        WHERE link_id = '{site}/1'""",
    "links_known_by_day": "UPDATE staging.links SET observed_on = observed_on + 1 WHERE link_id = '{site}/1'",
    "first_seen_by_export": """
        UPDATE staging.links SET first_seen_on = observed_on + 1, last_seen_on = NULL WHERE link_id = '{site}/1'""",
    "lost_by_export": "UPDATE staging.links SET lost_on = observed_on + 1 WHERE link_id = '{site}/1'",
    "last_seen_after_first": "UPDATE staging.links SET last_seen_on = first_seen_on - 1 WHERE link_id = '{site}/1'",
    "authority_in_range": "UPDATE staging.links SET source_authority = 4000 WHERE link_id = '{site}/1'",
    "outlinks_leave_site": "UPDATE staging.outlinks SET target_domain = site_domain WHERE {own}",
    "positions_in_depth": "UPDATE staging.rankings SET position = 0 WHERE {own} AND {third}",
    "rankings_known_by_day": "UPDATE staging.rankings SET ranked_on = ranked_on + 2 WHERE {own} AND {third}",
    "keywords_filled": "UPDATE staging.rankings SET keyword = ' ' WHERE {own} AND {third}",
    "some_keyword_ranks": "UPDATE staging.rankings SET position = NULL WHERE {own}",
    "search_volume_not_negative": "UPDATE staging.rankings SET search_volume = -1 WHERE {own} AND {third}",
    "clicks_within_impressions": """
        UPDATE staging.search_performance SET clicks = 51 WHERE {own} AND performed_on = DATE '2026-11-10'""",
    "performance_not_negative": """
        UPDATE staging.search_performance SET clicks = -1 WHERE {own} AND performed_on = DATE '2026-11-10'""",
    "performance_known_by_day": """
        UPDATE staging.search_performance SET observed_on = observed_on + 1
        WHERE {own} AND performed_on = DATE '2026-11-10'""",
    "performance_has_dates": """
        UPDATE staging.search_performance SET performed_on = NULL WHERE {own} AND performed_on = DATE '2026-11-10'""",
    "performance_days_present": """
        DELETE FROM staging.search_performance
        WHERE {own} AND performed_on BETWEEN DATE '2026-11-01' AND DATE '2026-11-06'""",
    "periods_in_order": "UPDATE staging.search_performance_periods SET ends_on = starts_on - 1 WHERE {own}",
    "period_clicks_within_impressions": "UPDATE staging.search_performance_periods SET clicks = 51 WHERE {own}",
    "plans_lie_ahead": "UPDATE staging.planned_events SET starts_on = DATE '2020-01-01', ends_on = NULL WHERE {own}",
    "events_in_order": "UPDATE staging.search_events SET ends_on = starts_on - 1 WHERE {own}",
    "labels_known_by_day": "UPDATE staging.labels SET observed_on = observed_on + 1 WHERE {own}",
    # signals
    "allowed_links_accused_of_nothing": "UPDATE signals.told_links SET is_allowed = TRUE WHERE {own}",
    "lost_placements_were_seen": "UPDATE signals.placements_standing SET is_lost = TRUE WHERE {own}",
    "origins_cover_links": "DELETE FROM signals.link_origins WHERE link_id = '{site}/1'",
    "origin_probability": "UPDATE signals.link_origins SET probability = 1.2 WHERE link_id = '{site}/1'",
    "origin_days_have_come": """
        UPDATE signals.link_origins SET known_until_on = DATE '2026-11-16' WHERE link_id = '{site}/1'""",
    "texts_read_once": "UPDATE signals.text_marks SET text_hash = 99 WHERE {own} AND {first}",
    "profiles_add_up": "UPDATE signals.profile_origins SET expected_domain_count = 1.9 WHERE {own}",
    "domain_probability": "UPDATE signals.domain_origins SET probability = 'NaN'::DOUBLE WHERE {own} AND {first}",
    "daily_counts_match_domains": "UPDATE signals.daily_links SET new_domain_count = 3 WHERE {own}",
    "daily_counts_not_negative": "UPDATE signals.daily_links SET lost_domain_count = -1 WHERE {own}",
    "days_within_series": "UPDATE signals.daily_links SET day = DATE '2026-11-16' WHERE {own}",
    "series_in_order": "UPDATE signals.link_series SET starts_on = ends_on + 1 WHERE {own}",
    "complete_days_within_series": """
        UPDATE signals.link_series SET complete_from_on = starts_on - 1, complete_until_on = ends_on WHERE {own}""",
    "lag_share_in_range": "UPDATE signals.discovery_lag SET listed_share = 1.01 WHERE {own}",
    "links_dated": "UPDATE signals.link_series SET dated_share = 0.4 WHERE {own}",
    "untold_sites_not_judged": "UPDATE signals.exchange_profiles SET is_told = FALSE WHERE {own}",
    "exchange_counts_in_order": "UPDATE signals.exchange_profiles SET synchronous_count = 3 WHERE {own}",
    "exchanges_have_days": "UPDATE signals.exchange_partners SET days_apart = NULL WHERE {own}",
    "batches_in_order": "UPDATE signals.link_batches SET placed_from_on = placed_to_on + 1 WHERE {own}",
    "batches_beyond_chance": "UPDATE signals.link_batches SET expected_count = 9 WHERE {own}",
    "batches_have_members": "DELETE FROM signals.batch_members WHERE {own}",
    "shared_sources_have_company": "UPDATE signals.shared_sources SET site_count = 1 WHERE {own}",
    "lockstep_edges_listed_once": "UPDATE signals.lockstep_edges SET edge_count = 2 WHERE {own}",
    "lockstep_group_has_company": "UPDATE signals.lockstep_members SET target_count = 2, link_count = 2 WHERE {own}",
    "lockstep_chance_small": "UPDATE signals.lockstep_members SET chance = 0.02 WHERE {own}",
    "lockstep_days_in_order": "UPDATE signals.lockstep_members SET starts_on = ends_on + 1 WHERE {own}",
    "visibility_not_negative": """
        UPDATE signals.visibility SET visibility = 'inf'::DOUBLE WHERE {own} AND day = DATE '2026-11-10'""",
    "visibility_known_by_day": "UPDATE signals.visibility SET day = day + 1 WHERE {own} AND day = DATE '2026-11-15'",
    "segment_fits_its_kind": "UPDATE signals.visibility SET segment = 'page:/' WHERE {own}",
    "segments_within_bounds": """
        INSERT INTO signals.visibility BY NAME
        SELECT v.* REPLACE ('page' AS segment_kind, 'page:/' || n AS segment)
        FROM signals.visibility AS v, range(51) AS numbers (n) WHERE {own} AND day = DATE '2026-11-10'""",
    "one_dimension_set": """
        UPDATE signals.search_days SET dimension_set = 'country_device' WHERE {own} AND day = DATE '2026-11-10'""",
    "baskets_checked": "UPDATE signals.tracked_keywords SET volume = 0 WHERE {own}",
    "basket_holds_ranked": "UPDATE signals.visibility SET ranked_count = 11 WHERE {own} AND day = DATE '2026-11-10'",
    # surges
    "surge_probabilities": "UPDATE surges.link_surges SET q_value = 1.5 WHERE {own}",
    "surge_days_in_order": "UPDATE surges.link_surges SET detected_on = starts_on - 1 WHERE {own}",
    "surge_exceeds_expectation": "UPDATE surges.link_surges SET expected_count = 2, excess_count = 0 WHERE {own}",
    "surge_interval_holds_excess": "UPDATE surges.link_surges SET excess_low_count = 1.6 WHERE {own}",
    "surge_excess_worth_telling": "UPDATE surges.link_surges SET excess_high_count = 2 WHERE {own}",
    "surge_drip_lasts_weeks": "UPDATE surges.link_surges SET shape = 'drip', window_days = 27 WHERE {own}",
    "surge_counts_match_days": "UPDATE surges.link_surges SET observed_count = 3, excess_count = 2.5 WHERE {own}",
    "declared_share_fits": "UPDATE surges.surge_declarations SET is_declared = TRUE, declared_share = 0.4 WHERE {own}",
    "surges_have_composition": "DELETE FROM surges.surge_composition WHERE {own}",
    "composition_matches_members": "UPDATE surges.surge_composition SET source_domain_count = 3 WHERE {own}",
    "composition_shares_in_range": "UPDATE surges.surge_composition SET two_day_share = 0.4 WHERE {own}",
    "earned_growth_not_arranged": "UPDATE surges.surge_composition SET origin = 'bought' WHERE {own}",
    "composition_reasons_readable": "UPDATE surges.surge_composition SET reasons = 'varied' WHERE {own}",
    "surge_parts_add_up": "DELETE FROM surges.surge_parts WHERE {own} AND place = 2",
    "series_assessed_for_surges": "DELETE FROM surges.assessed_series WHERE {own}",
    # drops
    "drop_probabilities": "UPDATE drops.ranking_drops SET p_value = -0.1 WHERE {own}",
    "drop_depth_in_range": "UPDATE drops.ranking_drops SET depth_share = 1.01 WHERE {own}",
    "drop_levels_fall": "UPDATE drops.ranking_drops SET level_after = 11 WHERE {own}",
    "drop_days_in_order": "UPDATE drops.ranking_drops SET recovered_on = starts_on - 1 WHERE {own}",
    "series_assessed_for_drops": "DELETE FROM drops.assessed_series WHERE {own}",
    "recovery_told_of_every_drop": "DELETE FROM drops.drop_recoveries WHERE {own}",
    # correlation
    "drops_have_days": "DELETE FROM correlation.drop_days WHERE {own}",
    "linked_days_comparable": "UPDATE correlation.linked_days SET other_visibility = -1 WHERE {own}",
    "links_before_counted": "UPDATE correlation.links_before SET near_domain_count = 0 WHERE {own}",
    "arranged_days_comparable": "UPDATE correlation.arranged_days SET linked_visibility = -1 WHERE {own}",
    "arranged_pages_counted": "UPDATE correlation.arranged_pages SET domain_count = 0 WHERE {own}",
    "circumstance_readable": "UPDATE correlation.drop_circumstances SET saying = 'rain' WHERE {own}",
    "cause_width": "UPDATE correlation.drop_causes SET probability_low = 0.9 WHERE {own}",
    "pair_terms_readable": "UPDATE correlation.surge_drop_pairs SET terms = 'much' WHERE {own}",
    "causes_sum_to_one": "UPDATE correlation.drop_causes SET probability = 0.5 WHERE {own} AND cause = 'links'",
    "cause_probability": """
        UPDATE correlation.drop_causes SET probability = CASE cause WHEN 'links' THEN -0.25 ELSE 1.25 END,
        probability_low = -0.25, probability_high = 1.25
        WHERE {own}""",
    "cause_evidence_readable": "UPDATE correlation.drop_causes SET evidence = '[{{' WHERE {own} AND cause = 'links'",
    "pair_probabilities": "UPDATE correlation.surge_drop_pairs SET p_site_swap = 2 WHERE {own}",
    "pair_lag_is_difference": "UPDATE correlation.surge_drop_pairs SET lag_days = 3 WHERE {own}",
    "pair_findings_exist": "UPDATE correlation.surge_drop_pairs SET surge_id = 'gone' WHERE {own}",
    "pair_confounders_readable": "UPDATE correlation.surge_drop_pairs SET confounders = 'none' WHERE {own}",
    "recovery_events_on_the_way": "UPDATE correlation.recovery_events SET days_since_start = 0 WHERE {own}",
    "site_tests_in_range": "UPDATE correlation.site_tests SET observed_count = 3 WHERE {own}",
    # risk
    "every_site_has_risk": "DELETE FROM risk.site_risk WHERE {own}",
    "score_in_range": """
        UPDATE risk.site_risk SET risk_score = 142.5, reasons = '[{{"key": "a", "points": 142.5, "args": {{}}}}]'
        WHERE {own}""",
    "score_null_if_not_assessed": "UPDATE risk.site_risk SET risk_score = NULL WHERE {own}",
    "basis_allows_score": "UPDATE risk.site_risk SET basis = 'none' WHERE {own}",
    "reasons_readable": "UPDATE risk.site_risk SET reasons = 'because' WHERE {own}",
    "points_add_up": "UPDATE risk.site_risk SET risk_score = 42.0 WHERE {own}",
    "every_site_has_forecast": "DELETE FROM risk.drop_forecasts WHERE {own}",
    "forecast_in_order": "UPDATE risk.drop_forecasts SET chance_low = 0.5 WHERE {own}",
    "forecast_links_share": "UPDATE risk.drop_forecasts SET links_share = 0.9 WHERE {own}",
    "forecast_evidence_readable": "UPDATE risk.drop_forecasts SET evidence = 'because' WHERE {own}",
}

# Of the warehouse as a whole: what breaks them stands in test_runner.py.
WHOLE = {check.name for stage in STAGES for check in meaning_checks(stage) if check.scope == "warehouse"}
# More than a fifth is more than a hundredth as well.
ALSO = {"rejected_share": {"rejected_share_low"}}


def site_of(check_name: str) -> str:
    return f"{check_name.replace('_', '-')}.example"


def test_every_check_of_a_site_is_broken_here() -> None:
    stated = {check.name for stage in STAGES for check in meaning_checks(stage)}
    assert set(BREAKS) == stated - WHOLE


@pytest.mark.parametrize("stage", STAGES)
def test_each_check_fails_where_it_is_broken_and_nowhere_else(
    stage: str, open_world: OpenWorld, as_of: datetime.date
) -> None:
    checks = {check.name: check for check in meaning_checks(stage) if check.name in BREAKS}
    connection = open_world([*map(site_of, checks), "healthy.example"])
    for name in checks:
        site = site_of(name)
        text = BREAKS[name].format(
            site=site,
            own=f"site_domain = '{site}'",
            first="source_domain = 'blog1.example'",
            third="keyword = 'keyword 3'",
        )
        for statement in text.split(";"):
            connection.execute(statement)

    result = check_stage(connection, stage, as_of=as_of)

    expected = {(site_of(name), broken) for name in checks for broken in {name, *ALSO.get(name, ())}}
    found = {tuple(line.split(": ", 1)) for line in (*result.broken, *result.warnings)}
    assert found == expected
    assert result.held_back == {site_of(name) for name, check in checks.items() if check.severity == "minimum"}
    assert not result.is_warehouse_broken


@pytest.mark.parametrize("stage", STAGES)
def test_a_broken_check_shows_the_rows_that_break_it(stage: str) -> None:
    for check in meaning_checks(stage):
        assert check.bad_row or check.measure.startswith("count(*)"), f"{check.name} could show no row"
        assert re.fullmatch(r"[a-z_]+", check.name)
