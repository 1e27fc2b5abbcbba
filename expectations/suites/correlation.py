"""What must be true of pairs and causes."""

from __future__ import annotations

from expectations.check import Check

PAIRS = "correlation.surge_drop_pairs"
CAUSES = "correlation.drop_causes"
RECOVERY = "correlation.recovery_events"
PORTFOLIO_TESTS = "correlation.portfolio_tests"
SITE_TESTS = "correlation.site_tests"

_TEST_OUT_OF_RANGE = (
    "observed_count > drop_count OR expected_count > drop_count OR NOT (p_time_shift BETWEEN 0 AND 1) "
    "OR NOT (p_site_swap BETWEEN 0 AND 1) OR p_larger <> greatest(p_time_shift, p_site_swap)"
)

_FOUND = """
SELECT p.*, s.surge_id AS known_surge_id, d.drop_id AS known_drop_id
FROM correlation.surge_drop_pairs AS p
LEFT JOIN surges.link_surges AS s ON s.as_of = p.as_of AND s.surge_id = p.surge_id
LEFT JOIN drops.ranking_drops AS d ON d.as_of = p.as_of AND d.drop_id = p.drop_id
WHERE p.as_of = $as_of
"""

# Starting from the drops, so that a drop without any cause is seen too.
_TOTALS = """
SELECT d.site_domain, d.drop_id, coalesce(sum(c.probability), 0) AS probability_sum, count(c.cause) AS cause_count
FROM drops.ranking_drops AS d
LEFT JOIN correlation.drop_causes AS c ON c.as_of = d.as_of AND c.drop_id = d.drop_id
WHERE d.as_of = $as_of
GROUP BY d.site_domain, d.drop_id
"""

# Starting from the drops that stand alone: each has days, or its shape cannot be told.
_SHAPES = """
SELECT d.site_domain, d.drop_id, count(around.day) AS day_count
FROM drops.ranking_drops AS d
LEFT JOIN correlation.drop_days AS around ON around.drop_id = d.drop_id
WHERE d.as_of = $as_of AND d.part_of_drop_id IS NULL
GROUP BY d.site_domain, d.drop_id
"""

CHECKS = (
    Check(
        name="drops_have_days",
        table="correlation.drop_days",
        severity="minimum",
        rows=_SHAPES,
        bad_row="day_count = 0",
        row_order=("drop_id",),
        reason="A drop was found in days of its series; without them its shape cannot be told from an outage.",
    ),
    Check(
        name="linked_days_comparable",
        table="correlation.linked_days",
        severity="minimum",
        bad_row="linked_visibility < 0 OR other_visibility < 0",
        reason="Clicks are counts; their ratio is what is compared.",
    ),
    Check(
        name="links_before_counted",
        table="correlation.links_before",
        severity="minimum",
        bad_row="near_domain_count < 0 OR far_domain_count < 0 OR near_domain_count + far_domain_count = 0",
        reason="A drop without arranged links before it has no row.",
    ),
    Check(
        name="arranged_days_comparable",
        table="correlation.arranged_days",
        severity="minimum",
        bad_row="linked_visibility < 0 OR other_visibility < 0",
        reason="Clicks are counts; their ratio is what is compared.",
    ),
    Check(
        name="arranged_pages_counted",
        table="correlation.arranged_pages",
        severity="minimum",
        bad_row="domain_count < 1",
        reason="A page without a domain is none that links led to.",
    ),
    Check(
        name="circumstance_readable",
        table="correlation.drop_circumstances",
        severity="minimum",
        bad_row="NOT json_valid(saying)",
        reason="What the cause model looked at must be told in words.",
    ),
    Check(
        name="cause_width",
        table=CAUSES,
        severity="minimum",
        bad_row="NOT (probability_low <= probability AND probability <= probability_high)",
        reason="A probability lies within its own interval.",
    ),
    Check(
        name="pair_terms_readable",
        table=PAIRS,
        severity="minimum",
        bad_row="NOT json_valid(terms)",
        reason="What moved a probability is shown beside it.",
    ),
    Check(
        name="causes_sum_to_one",
        table=CAUSES,
        severity="minimum",
        rows=_TOTALS,
        bad_row="NOT (abs(probability_sum - 1) <= 0.000001)",
        row_order=("drop_id",),
        reason="The causes of a drop, unknown among them, are all there is; the tolerance is rounding of doubles.",
    ),
    Check(
        name="cause_probability",
        table=CAUSES,
        severity="minimum",
        bad_row="NOT (probability BETWEEN 0 AND 1)",
        reason="Probabilities; a negative one could hide in a sum of one.",
    ),
    Check(
        name="cause_evidence_readable",
        table=CAUSES,
        severity="minimum",
        bad_row="NOT json_valid(evidence)",
        reason="Evidence that cannot be read cannot be shown, and nothing is said without its evidence.",
    ),
    Check(
        name="pair_probabilities",
        table=PAIRS,
        severity="minimum",
        bad_row=(
            "NOT (probability BETWEEN 0 AND 1) OR NOT (p_time_shift BETWEEN 0 AND 1) "
            "OR NOT (p_site_swap BETWEEN 0 AND 1)"
        ),
        reason="Probabilities and shares.",
    ),
    Check(
        name="pair_lag_is_difference",
        table=PAIRS,
        severity="minimum",
        bad_row="lag_days <> date_diff('day', surge_starts_on, drop_starts_on) OR lag_days < 0",
        reason="The lag told must be the one between the days shown, and a drop before the surge does not follow it.",
    ),
    Check(
        name="pair_findings_exist",
        table=PAIRS,
        severity="minimum",
        rows=_FOUND,
        bad_row="known_surge_id IS NULL OR known_drop_id IS NULL",
        reason="A pair speaks of a surge and a drop of the same night, or nobody can look them up.",
    ),
    Check(
        name="pair_confounders_readable",
        table=PAIRS,
        severity="minimum",
        bad_row="NOT json_valid(confounders)",
        reason="What else could explain a drop must be shown beside every pair.",
    ),
    Check(
        name="recovery_events_on_the_way",
        table=RECOVERY,
        severity="minimum",
        bad_row="NOT (days_since_start > 0 AND happened_on <= as_of AND coalesce(days_to_recovery, 0) >= 0)",
        reason="What came before the drop, after the recovery or after the day itself is not on the way back.",
    ),
    Check(
        name="site_tests_in_range",
        table=SITE_TESTS,
        severity="minimum",
        bad_row=_TEST_OUT_OF_RANGE,
        reason="No more drops can match than there are, p-values are shares, and the larger is the one to believe.",
    ),
    Check(
        name="portfolio_tests_in_range",
        table=PORTFOLIO_TESTS,
        severity="maximum",
        scope="warehouse",
        bad_row=_TEST_OUT_OF_RANGE,
        reason="As for one site; a pooled test belongs to no site, so it holds none back.",
    ),
)
