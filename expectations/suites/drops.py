"""What must be true of drops."""

from __future__ import annotations

from expectations.check import Check

DROPS = "drops.ranking_drops"

_ASSESSED = """
SELECT v.site_domain, v.provider, v.segment, count(a.status) AS assessed_count
FROM (SELECT DISTINCT site_domain, provider, segment FROM signals.visibility) AS v
LEFT JOIN drops.assessed_series AS a
  ON a.site_domain = v.site_domain AND a.provider = v.provider AND a.segment = v.segment AND a.as_of = $as_of
GROUP BY v.site_domain, v.provider, v.segment
"""

_WITH_RECOVERY = """
SELECT d.site_domain, d.drop_id, count(r.drop_id) AS recovery_count
FROM drops.ranking_drops AS d
LEFT JOIN drops.drop_recoveries AS r ON r.drop_id = d.drop_id AND r.as_of = $as_of
WHERE d.as_of = $as_of
GROUP BY d.site_domain, d.drop_id
"""

CHECKS = (
    Check(
        name="drop_probabilities",
        table=DROPS,
        severity="minimum",
        bad_row="NOT (p_value BETWEEN 0 AND 1) OR NOT (q_value BETWEEN 0 AND 1)",
        reason="Probabilities.",
    ),
    Check(
        name="drop_depth_in_range",
        table=DROPS,
        severity="minimum",
        bad_row=(
            "NOT (depth_share BETWEEN 0 AND 1) OR NOT (depth_share BETWEEN depth_low_share AND depth_high_share) "
            "OR depth_high_share > 1"
        ),
        reason="Nothing can lose more than all it had, and an interval holds what it is of.",
    ),
    Check(
        name="drop_levels_fall",
        table=DROPS,
        severity="minimum",
        bad_row="NOT (level_after >= 0 AND level_after <= level_before)",
        reason="A drop whose level after is higher than before is a rise.",
    ),
    Check(
        name="drop_days_in_order",
        table=DROPS,
        severity="minimum",
        bad_row=(
            "NOT (starts_on <= detected_on AND detected_on <= $as_of) OR ends_on < starts_on OR ends_on > $as_of "
            "OR recovered_on < starts_on OR recovered_on > $as_of "
            "OR NOT (starts_on BETWEEN starts_from_on AND starts_until_on) OR confirmed_on > $as_of"
        ),
        reason="A drop starts before it is found, ends or recovers after it starts, and never lies in the future.",
    ),
    Check(
        name="series_assessed_for_drops",
        table="drops.assessed_series",
        severity="minimum",
        rows=_ASSESSED,
        bad_row="assessed_count = 0",
        row_order=("provider", "segment"),
        reason="A series nobody assessed would look like one without drops.",
    ),
    Check(
        name="recovery_told_of_every_drop",
        table="drops.drop_recoveries",
        severity="minimum",
        rows=_WITH_RECOVERY,
        bad_row="recovery_count <> 1",
        row_order=("drop_id",),
        reason="A drop without its way back would look like one that never recovers.",
    ),
)
