"""What must be true of surges."""

from __future__ import annotations

from expectations.check import Check

SURGES = "surges.link_surges"
PARTS = "surges.surge_parts"
COMPOSITION = "surges.surge_composition"

_COUNTED = """
SELECT s.as_of, s.surge_id, s.site_domain, s.provider, s.origin, s.starts_on, s.ends_on, s.observed_count,
  coalesce(sum(d.new_domain_count), 0) AS counted
FROM surges.link_surges AS s
LEFT JOIN signals.daily_links AS d
  ON d.site_domain = s.site_domain AND d.provider = s.provider AND d.origin = s.origin
  AND d.day BETWEEN s.starts_on AND s.ends_on
WHERE s.as_of = $as_of
GROUP BY ALL
"""

_ASSESSED = """
SELECT s.site_domain, s.provider, count(a.origin) AS assessed_count
FROM signals.link_series AS s
LEFT JOIN surges.assessed_series AS a
  ON a.site_domain = s.site_domain AND a.provider = s.provider AND a.as_of = $as_of
GROUP BY s.site_domain, s.provider
"""

# Per provider: the share of its tested sites with a surge that starts within the same seven days.
_TOGETHER = """
SELECT tested.provider, w.week_on, count(DISTINCT s.site_domain) / max(tested.site_count) AS surging_share,
  max(tested.site_count) AS site_count
FROM (
  SELECT provider, count(DISTINCT site_domain) AS site_count
  FROM surges.assessed_series WHERE as_of = $as_of AND status = 'tested'
  GROUP BY provider
) AS tested
CROSS JOIN (SELECT unnest(range($as_of - 13, $as_of + 1, INTERVAL 1 DAY)) AS week_on) AS w
LEFT JOIN surges.link_surges AS s
  ON s.as_of = $as_of AND s.provider = tested.provider AND s.starts_on BETWEEN w.week_on - INTERVAL 6 DAY AND w.week_on
GROUP BY tested.provider, w.week_on
"""

_COMPOSED = """
SELECT s.site_domain, s.surge_id, c.surge_id AS composed_id
FROM surges.link_surges AS s
LEFT JOIN surges.surge_composition AS c ON c.as_of = s.as_of AND c.surge_id = s.surge_id
WHERE s.as_of = $as_of
"""

_MEMBERS = """
SELECT c.site_domain, c.surge_id, c.source_domain_count, count(m.source_domain) AS member_count
FROM surges.surge_composition AS c
LEFT JOIN surges.surge_members AS m ON m.surge_id = c.surge_id
WHERE c.as_of = $as_of
GROUP BY ALL
"""

# Of these parts every value is kept, so that they must add up.
_WHOLE_PARTS = """
SELECT site_domain, surge_id, part, sum(share) AS share
FROM surges.surge_parts
WHERE as_of = $as_of AND part IN ('anchor_kind', 'target_kind', 'origin')
GROUP BY ALL
"""

CHECKS = (
    Check(
        name="surge_probabilities",
        table=SURGES,
        severity="minimum",
        bad_row="NOT (p_value BETWEEN 0 AND 1) OR NOT (q_value BETWEEN 0 AND 1)",
        reason="Probabilities.",
    ),
    Check(
        name="surge_days_in_order",
        table=SURGES,
        severity="minimum",
        bad_row="starts_on > ends_on OR ends_on > $as_of OR starts_on > detected_on OR detected_on > $as_of",
        reason="A surge starts before it ends, is found after it starts, and never lies in the future.",
    ),
    Check(
        name="surge_exceeds_expectation",
        table=SURGES,
        severity="minimum",
        bad_row=(
            "NOT (expected_count >= 0 AND observed_count > expected_count) "
            "OR NOT (abs(excess_count - (observed_count - expected_count)) <= 0.01 * greatest(1, excess_count))"
        ),
        reason="What does not exceed the expectation is no surge; the excess is the difference, but for rounding.",
    ),
    Check(
        name="surge_interval_holds_excess",
        table=SURGES,
        severity="minimum",
        bad_row="NOT (excess_low_count <= excess_count AND excess_count <= excess_high_count)",
        reason="People read the excess as an interval: the excess itself lies in it.",
    ),
    Check(
        name="surge_excess_worth_telling",
        table=SURGES,
        severity="minimum",
        bad_row="NOT (excess_high_count >= 3)",
        reason="Fewer than three domains too many are not told, whatever the p-value (ScanParams.least_excess).",
    ),
    Check(
        name="surge_drip_lasts_weeks",
        table=SURGES,
        severity="maximum",
        bad_row="shape = 'drip' AND greatest(date_diff('day', starts_on, ends_on) + 1, window_days) < 28",
        reason=(
            "The sum over months tells a drip after four whole weeks (DripParams.least_blocks); a shorter one is a "
            "burst under the wrong name, which is told all the same: a warning."
        ),
    ),
    Check(
        name="surge_counts_match_days",
        table=SURGES,
        severity="maximum",
        rows=_COUNTED,
        bad_row="observed_count <> counted",
        reason="The number told must be the sum of the days drawn; corrections may differ, hence a warning.",
    ),
    Check(
        name="surges_have_composition",
        table=COMPOSITION,
        severity="minimum",
        rows=_COMPOSED,
        bad_row="composed_id IS NULL",
        row_order=("surge_id",),
        reason="Whether a surge was earned is told by its composition; without one it would alarm unread.",
    ),
    Check(
        name="composition_matches_members",
        table=COMPOSITION,
        severity="minimum",
        rows=_MEMBERS,
        bad_row="source_domain_count <> member_count",
        row_order=("surge_id",),
        reason="What is said of a surge is said of the domains that people are shown as its members.",
    ),
    Check(
        name="composition_shares_in_range",
        table=COMPOSITION,
        severity="minimum",
        bad_row=(
            "NOT (least(top_source_share, top_network_share, keyword_anchor_share, top_target_share, peak_share, "
            "arranged_share, shared_share) >= 0 AND greatest(top_source_share, top_network_share, "
            "keyword_anchor_share, top_target_share, peak_share, arranged_share, shared_share) <= 1.000001) "
            "OR NOT (peak_share <= two_day_share)"
        ),
        reason="Shares; and two days on end hold at least as much as the busiest of them.",
    ),
    Check(
        name="earned_growth_not_arranged",
        table=COMPOSITION,
        severity="minimum",
        bad_row="reading = 'earned_growth' AND origin NOT IN ('natural', 'unknown')",
        reason="Earned growth does not alarm: links that look arranged, or spam, must never be read so.",
    ),
    Check(
        name="composition_reasons_readable",
        table=COMPOSITION,
        severity="minimum",
        bad_row="NOT json_valid(reasons) OR coalesce(json_type(try_cast(reasons AS JSON)), '') <> 'ARRAY'",
        reason="People read the reasons in their own language: a list of keys, each with a sentence.",
    ),
    Check(
        name="declared_share_fits",
        table="surges.surge_declarations",
        severity="minimum",
        bad_row="NOT (declared_domain_count BETWEEN 1 AND source_domain_count) OR is_declared AND declared_share < 0.5",
        reason="A declared campaign raises no alarm: it must never be said of a surge that is mostly something else.",
    ),
    Check(
        name="surge_parts_add_up",
        table=PARTS,
        severity="minimum",
        rows=_WHOLE_PARTS,
        bad_row="NOT (abs(share - 1) < 1e-6)",
        row_order=("surge_id", "part"),
        reason="Every domain of a surge has one kind of link text and of target, and every new domain one origin.",
    ),
    Check(
        name="series_assessed_for_surges",
        table="surges.assessed_series",
        severity="minimum",
        rows=_ASSESSED,
        bad_row="assessed_count = 0",
        row_order=("provider",),
        reason="A series nobody assessed would look like one without surges; no data is never shown as no surge.",
    ),
    Check(
        name="surges_not_everywhere",
        table=SURGES,
        severity="maximum",
        scope="warehouse",
        rows=_TOGETHER,
        measure="max(surging_share) FILTER (WHERE site_count >= 4)",
        bad_row="site_count >= 4 AND surging_share > 0.5",
        most=0.5,
        row_order=("provider", "week_on"),
        reason=(
            "When more than half of at least four sites surge in one provider within a week, it is that provider's "
            "crawler and not a purchase."
        ),
    ),
)
