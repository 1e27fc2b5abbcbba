"""What must be true of origins, daily counts and visibility."""

from __future__ import annotations

from expectations.check import Check

ORIGINS = "signals.link_origins"
DOMAINS = "signals.domain_origins"
DAILY = "signals.daily_links"
SERIES = "signals.link_series"
LAG = "signals.discovery_lag"
SHARED = "signals.shared_sources"
VISIBILITY = "signals.visibility"

_PROBABILITY = "NOT (probability BETWEEN 0 AND 1)"
_PROBABILITY_REASON = "A probability outside 0 to 1 is none; nothing computed from it means anything."

_COVERAGE = """
SELECT coalesce(l.site_domain, o.site_domain) AS site_domain, l.link_number, o.link_number AS origin_link_number
FROM staging.links AS l
FULL JOIN signals.link_origins AS o ON o.link_number = l.link_number
"""

_TEXTS = """
SELECT l.site_domain, l.link_number, count(m.link_number) AS read_count
FROM staging.links AS l
LEFT JOIN signals.site_words AS w ON w.site_domain = l.site_domain
LEFT JOIN signals.text_marks AS m
  ON m.link_number = l.link_number AND m.text_hash = l.text_hash AND m.words_version = w.words_version
GROUP BY l.site_domain, l.link_number
"""

_COUNTS = """
SELECT site_domain, provider, origin, sum(domain_count) AS domain_count, sum(counted) AS counted
FROM (
  SELECT site_domain, provider, origin, count(first_seen_on) AS domain_count, 0 AS counted
  FROM signals.domain_origins
  GROUP BY site_domain, provider, origin
  UNION ALL
  SELECT site_domain, provider, origin, 0, sum(new_domain_count)
  FROM signals.daily_links
  GROUP BY site_domain, provider, origin
) AS both_sides
GROUP BY site_domain, provider, origin
"""

_SPANS = """
SELECT d.*, s.starts_on, s.ends_on
FROM signals.daily_links AS d
LEFT JOIN signals.link_series AS s USING (site_domain, provider)
"""

CHECKS = (
    Check(
        name="origins_cover_links",
        table=ORIGINS,
        severity="minimum",
        rows=_COVERAGE,
        bad_row="link_number IS NULL OR origin_link_number IS NULL",
        row_order=("link_number", "origin_link_number"),
        reason="A link without an origin drops out of every count; an origin without a link is left from an older day.",
    ),
    Check(
        name="origin_probability",
        table=ORIGINS,
        severity="minimum",
        bad_row=_PROBABILITY,
        reason=_PROBABILITY_REASON,
    ),
    Check(
        name="origin_days_have_come",
        table=ORIGINS,
        severity="minimum",
        bad_row="known_from_on > $as_of OR known_until_on > $as_of OR known_until_on < known_from_on",
        reason="No stage sees the future, and what is known of a link is known from one day until the same or a later.",
    ),
    Check(
        name="evidence_weight",
        table="signals.origin_rules",
        severity="minimum",
        scope="warehouse",
        bad_row="isnan(weight) OR abs(weight) > 20",
        reason="Twenty log-odds are one in five hundred million: no single rule knows that much.",
    ),
    Check(
        name="combination_probabilities_add_up",
        table="signals.evidence_combinations",
        severity="minimum",
        scope="warehouse",
        bad_row=(
            "abs(natural_probability + bought_probability + exchanged_probability + guest_post_probability "
            "+ link_programme_probability + spam_probability - 1) > 1e-6"
        ),
        reason="A link comes from somewhere: the probabilities of the origins add up to one.",
    ),
    Check(
        name="texts_read_once",
        table="signals.text_marks",
        severity="minimum",
        rows=_TEXTS,
        bad_row="read_count <> 1",
        row_order=("link_number",),
        reason="A link whose texts were read twice counts twice, and one whose texts were not read has no origin.",
    ),
    Check(
        name="domain_probability",
        table=DOMAINS,
        severity="minimum",
        bad_row=_PROBABILITY,
        reason=_PROBABILITY_REASON,
    ),
    Check(
        name="daily_counts_match_domains",
        table=DAILY,
        severity="minimum",
        rows=_COUNTS,
        bad_row="domain_count <> counted",
        row_order=("provider", "origin"),
        reason="A referring domain is new once and under one origin: the days must add up to the domains with a date.",
    ),
    Check(
        name="daily_counts_not_negative",
        table=DAILY,
        severity="minimum",
        bad_row="new_domain_count < 0 OR new_link_count < 0 OR lost_domain_count < 0",
        reason="Counts.",
    ),
    Check(
        name="days_within_series",
        table=DAILY,
        severity="minimum",
        rows=_SPANS,
        bad_row="ends_on IS NULL OR day > ends_on OR day > $as_of",
        reason="A series ends at its own last export; a count beyond it is made of nothing.",
    ),
    Check(
        name="series_in_order",
        table=SERIES,
        severity="minimum",
        bad_row="starts_on > ends_on OR ends_on > $as_of OR NOT (dated_share BETWEEN 0 AND 1)",
        reason="The span of a series bounds everything counted in it.",
    ),
    Check(
        name="complete_days_within_series",
        table=SERIES,
        severity="minimum",
        bad_row=(
            "complete_from_on < starts_on OR complete_until_on > ends_on OR complete_from_on > complete_until_on "
            "OR (complete_from_on IS NULL) <> (complete_until_on IS NULL)"
        ),
        reason="The days that exports list whole are days of the series.",
    ),
    Check(
        name="lag_share_in_range",
        table=LAG,
        severity="minimum",
        bad_row="NOT (listed_share BETWEEN 0 AND 1) OR age_days < 0",
        reason="The expectation of the newest days is multiplied by this share.",
    ),
    Check(
        name="links_dated",
        table=SERIES,
        severity="maximum",
        measure="min(CASE WHEN dated_share > 0 THEN dated_share END)",
        bad_row="dated_share > 0 AND dated_share < 0.5",
        least=0.5,
        reason=(
            "Where a provider gives dates at all, half of the links without one leave daily counts that say little. "
            "Providers without any date are told apart: no surge is tested for them."
        ),
    ),
    Check(
        name="shared_sources_have_company",
        table=SHARED,
        severity="minimum",
        bad_row="site_count < 2 OR NOT (owner_count BETWEEN 1 AND site_count) OR is_one_owner AND owner_count > 1",
        reason="A source is shared by two sites at least, and these have no more owners than they are.",
    ),
    Check(
        name="visibility_not_negative",
        table=VISIBILITY,
        severity="minimum",
        bad_row="NOT (visibility >= 0) OR isinf(visibility) OR isnan(visibility) OR impressions < 0",
        reason="Clicks, expected or counted, are finite and not negative.",
    ),
    Check(
        name="visibility_known_by_day",
        table=VISIBILITY,
        severity="minimum",
        bad_row="day > $as_of",
        reason="No stage sees the future.",
    ),
    Check(
        name="basket_holds_ranked",
        table=VISIBILITY,
        severity="minimum",
        bad_row="ranked_count > basket_size OR ranked_count < 0",
        reason="Keywords that rank are keywords of the basket; more of them means the basket is not fixed.",
    ),
)
