"""What must be true of origins, daily counts and visibility."""

from __future__ import annotations

from expectations.check import Check
from transforms.schemas.vocabulary import KEYWORD_GROUPS
from transforms.signals.parameters import Parameters

ORIGINS = "signals.link_origins"
DOMAINS = "signals.domain_origins"
DAILY = "signals.daily_links"
SERIES = "signals.link_series"
LAG = "signals.discovery_lag"
SHARED = "signals.shared_sources"
LOCKSTEP_EDGES = "signals.lockstep_edges"
LOCKSTEP = "signals.lockstep_members"
VISIBILITY = "signals.visibility"
PROFILES = "signals.exchange_profiles"
PARTNERS = "signals.exchange_partners"
BATCHES = "signals.link_batches"

_PROBABILITY = "NOT (probability BETWEEN 0 AND 1)"
_PROBABILITY_REASON = "A probability outside 0 to 1 is none; nothing computed from it means anything."

_COVERAGE = """
SELECT coalesce(l.site_domain, o.site_domain) AS site_domain, l.link_number, o.link_number AS origin_link_number
FROM staging.links AS l
FULL JOIN signals.link_origins AS o ON o.link_number = l.link_number
"""

_SEGMENT_COUNTS = """
SELECT site_domain, provider, segment_kind, count(DISTINCT segment) AS segment_count
FROM signals.visibility
GROUP BY site_domain, provider, segment_kind
"""

_BOUNDS = Parameters()
_MOST_SEGMENTS = {
    "site": 1,
    "page": _BOUNDS.page_segments,
    "directory": _BOUNDS.directory_segments,
    "keywords": len(KEYWORD_GROUPS),
    "market": _BOUNDS.market_segments,
    "device": _BOUNDS.market_segments,
}
_TOO_MANY = " OR ".join(f"segment_kind = '{kind}' AND segment_count > {most}" for kind, most in _MOST_SEGMENTS.items())

_DIMENSION_SETS = """
SELECT site_domain, provider, dimension, count(DISTINCT dimension_set) AS set_count
FROM signals.search_days
GROUP BY site_domain, provider, dimension
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

_PROFILES = """
SELECT
  site_domain, provider, sum(domain_count) AS domain_count, sum(counted) AS counted, sum(expected) AS expected_count
FROM (
  SELECT site_domain, provider, count(*) AS domain_count, 0 AS counted, 0 AS expected
  FROM signals.domain_origins
  GROUP BY site_domain, provider
  UNION ALL
  SELECT site_domain, provider, 0, sum(domain_count), sum(expected_domain_count)
  FROM signals.profile_origins
  GROUP BY site_domain, provider
) AS both_sides
GROUP BY site_domain, provider
"""

_SPANS = """
SELECT d.*, s.starts_on, s.ends_on
FROM signals.daily_links AS d
LEFT JOIN signals.link_series AS s USING (site_domain, provider)
"""

_PARTNERS_TOLD = """
SELECT p.*, profile.is_told, candidate.source_domain AS candidate_domain
FROM signals.exchange_partners AS p
LEFT JOIN signals.exchange_profiles AS profile USING (site_domain)
LEFT JOIN (SELECT DISTINCT site_domain, source_domain FROM signals.exchange_candidates) AS candidate
  USING (site_domain, source_domain)
"""

_MEMBERS = """
SELECT batch.site_domain, batch.batch_id, batch.domain_count, count(member.link_id) AS link_count
FROM signals.link_batches AS batch
LEFT JOIN signals.batch_members AS member USING (site_domain, batch_id)
GROUP BY batch.site_domain, batch.batch_id, batch.domain_count
"""

CHECKS = (
    Check(
        name="untold_sites_not_judged",
        table=PROFILES,
        severity="minimum",
        bad_row="is_told IS DISTINCT FROM (mutual_count IS NOT NULL) OR NOT is_told AND is_beyond_expected IS NOT NULL",
        reason="Without links out it cannot be told whether a site exchanges; none would be a claim.",
    ),
    Check(
        name="exchange_counts_in_order",
        table=PROFILES,
        severity="minimum",
        bad_row=(
            "mutual_count > least(linking_domain_count, linked_domain_count) OR dated_count > mutual_count "
            "OR synchronous_count > dated_count OR NOT (p_value BETWEEN 0 AND 1) "
            "OR NOT (synchronous_p_value BETWEEN 0 AND 1) OR excess_low_count > excess_high_count"
        ),
        reason="A mutual domain is one that links and is linked; what is dated and synchronous is part of them.",
    ),
    Check(
        name="exchanges_have_days",
        table=PARTNERS,
        severity="minimum",
        rows=_PARTNERS_TOLD,
        bad_row=(
            "candidate_domain IS NULL OR is_synchronous AND days_apart IS NULL OR NOT (probability BETWEEN 0 AND 1) "
            "OR days_apart < 0 OR (form = 'mutual') <> (through IS NULL) OR form <> 'mutual' AND NOT is_told"
        ),
        row_order=("source_domain",),
        reason="What is said to be agreed rests on known days, and a ring on the domains that it runs through.",
    ),
    Check(
        name="batches_in_order",
        table=BATCHES,
        severity="minimum",
        bad_row=(
            "placed_from_on > placed_to_on OR lost_from_on > lost_to_on OR lost_to_on > $as_of "
            "OR placed_to_on > $as_of OR (kind = 'purchase') <> (target_url IS NOT NULL) "
            "OR (kind = 'rented') <> (lost_from_on IS NOT NULL AND months IS NOT NULL)"
        ),
        reason="A batch is placed before it is lost, on days that have come; each kind says what it is made of.",
    ),
    Check(
        name="batches_beyond_chance",
        table=BATCHES,
        severity="minimum",
        bad_row="NOT (p_value BETWEEN 0 AND 0.01) OR NOT (expected_count < domain_count)",
        reason="A batch is more than was expected, and so rare that the number of tests is allowed for.",
    ),
    Check(
        name="batches_have_members",
        table=BATCHES,
        severity="minimum",
        rows=_MEMBERS,
        bad_row="link_count = 0",
        row_order=("batch_id",),
        reason="What is told of a batch is told of its links; a batch without any is told of nothing.",
    ),
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
        name="corrections_help",
        table="signals.label_corrections",
        severity="minimum",
        scope="warehouse",
        bad_row=(
            "isnan(bias) OR NOT (strength > 0) OR NOT is_applied AND reason = 'improves' "
            "OR is_applied AND (brier_after IS NULL OR brier_after > brier_before OR log_loss_after > log_loss_before)"
        ),
        reason="Labels change probabilities only where that makes those of domains better that it was not learnt from.",
    ),
    Check(
        name="profiles_add_up",
        table=DOMAINS,
        severity="minimum",
        rows=_PROFILES,
        bad_row="abs(expected_count - domain_count) > 0.001 OR counted <> domain_count",
        row_order=("provider",),
        reason="Each referring domain is one, whatever it is expected to be: the origins of a profile add to them.",
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
        name="lockstep_edges_listed_once",
        table=LOCKSTEP_EDGES,
        severity="minimum",
        bad_row="edge_count < 1 OR source_domain <> '' AND target_url <> '' AND edge_count > 1 OR day > $as_of",
        reason="A source and a page are joined once, on a day that has come; only what is not listed is added up.",
    ),
    Check(
        name="lockstep_group_has_company",
        table=LOCKSTEP,
        severity="minimum",
        bad_row="source_count < 5 OR target_count < 3 OR link_count < 1 OR link_count > target_count OR site_count < 1",
        reason="Fewer than five sources on three pages are no group: chance and ordinary links explain them.",
    ),
    Check(
        name="lockstep_chance_small",
        table=LOCKSTEP,
        severity="minimum",
        bad_row="NOT (chance BETWEEN 0 AND 0.01)",
        reason="Only groups that chance makes in one index of a hundred or fewer are told.",
    ),
    Check(
        name="lockstep_days_in_order",
        table=LOCKSTEP,
        severity="minimum",
        bad_row="starts_on > ends_on OR ends_on > $as_of",
        reason="No stage sees the future.",
    ),
    Check(
        name="allowed_links_accused_of_nothing",
        table="signals.told_links",
        severity="minimum",
        bad_row="is_allowed AND (told_by <> 'allow_list' OR told_origin IS NOT NULL)",
        reason="Nothing overrides the allow-list, whatever else the team says of the same link.",
    ),
    Check(
        name="lost_placements_were_seen",
        table="signals.placements_standing",
        severity="minimum",
        bad_row="is_lost AND (NOT is_seen OR lost_on IS NULL) OR lost_on > $as_of",
        reason="Only what was seen can be gone, and no stage sees the future.",
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
        name="segment_fits_its_kind",
        table=VISIBILITY,
        severity="minimum",
        bad_row="segment <> 'site' AND split_part(segment, ':', 1) <> segment_kind "
        "OR (segment = 'site') <> (segment_kind = 'site') "
        "OR segment_kind IN ('page', 'directory') AND NOT contains(segment, ':/') "
        "OR segment_kind = 'directory' AND NOT suffix(segment, '/')",
        reason="Readers pick series by kind; a part taken for the whole site would be shown as the site.",
    ),
    Check(
        name="segments_within_bounds",
        table=VISIBILITY,
        severity="minimum",
        rows=_SEGMENT_COUNTS,
        bad_row=_TOO_MANY,
        reason="A night tests every series; more parts than the bounds allow would let one site use up the night.",
    ),
    Check(
        name="one_dimension_set",
        table="signals.search_days",
        severity="minimum",
        rows=_DIMENSION_SETS,
        bad_row="set_count > 1",
        reason="Dimension sets that are added up count the same click twice.",
    ),
    Check(
        name="baskets_checked",
        table="signals.tracked_keywords",
        severity="minimum",
        bad_row="NOT (volume > 0) OR NOT (tracked_depth > 0)",
        reason="A keyword without weight or depth says nothing on any day.",
    ),
    Check(
        name="basket_holds_ranked",
        table=VISIBILITY,
        severity="minimum",
        bad_row="ranked_count > basket_size OR ranked_count < 0",
        reason="Keywords that rank are keywords of the basket; more of them means the basket is not fixed.",
    ),
)
