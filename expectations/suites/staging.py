"""What must be true of the one vocabulary for all providers."""

from __future__ import annotations

from expectations.check import Check

LINKS = "staging.links"
RANKINGS = "staging.rankings"
PERFORMANCE = "staging.search_performance"
PERIODS = "staging.search_performance_periods"

_FEW = 0.01
_FEW_REASON = "Up to one in a hundred is the provider's own slip (days are cut in its time zone)"

_NEWEST_RANKINGS = """
SELECT site_domain, provider, ranked_on, count(*) AS keyword_count, count(position) AS ranked_count
FROM staging.rankings
GROUP BY site_domain, provider, ranked_on
QUALIFY ranked_on = max(ranked_on) OVER (PARTITION BY site_domain, provider)
"""

# Days with rows among the last 28 of the series (or all of it while it is younger).
_DAYS = """
SELECT site_domain, provider, count(DISTINCT performed_on) AS day_count,
  least(28, date_diff('day', min(oldest_on), max(newest_on)) + 1) AS expected_count
FROM (
  SELECT site_domain, provider, performed_on,
    min(performed_on) OVER (PARTITION BY site_domain, provider) AS oldest_on,
    max(performed_on) OVER (PARTITION BY site_domain, provider) AS newest_on
  FROM staging.search_performance
  WHERE dimension_set = 'day'
) AS dated
WHERE performed_on > newest_on - 28
GROUP BY site_domain, provider
"""

# Texts and hosts stand in rows of their own: a link that finds one of them no more would be missing from staging.links
# without a word. The newest export of each site and provider is looked at; older ones were on their own night.
_NEWEST_EXPORTS = """
WITH newest AS (
  SELECT site_domain, file_id
  FROM staging.known_exports
  QUALIFY observed_on = max(observed_on) OVER (PARTITION BY site_domain, provider)
), without_texts AS (
  SELECT said.file_id, count(*) AS link_count
  FROM staging.link_observations AS said
  ANTI JOIN staging.link_observations AS words
    ON said.link_id = words.link_id AND said.described_in = words.file_id AND words.source_url IS NOT NULL
  WHERE said.file_id IN (SELECT file_id FROM newest)
    AND (said.described_in IS DISTINCT FROM said.file_id OR said.source_url IS NULL)
  GROUP BY said.file_id
)
SELECT newest.site_domain, newest.file_id, count(*) AS link_count,
  count(*) - count(host.host_id) AS hostless_count, coalesce(any_value(without_texts.link_count), 0) AS textless_count
FROM newest
JOIN staging.link_observations AS said USING (file_id)
LEFT JOIN staging.hosts AS host ON said.source_host_id = host.host_id
LEFT JOIN without_texts USING (file_id)
GROUP BY newest.site_domain, newest.file_id
"""

LINK_CHECKS = (
    Check(
        name="links_keep_texts_and_hosts",
        table="staging.link_observations",
        severity="minimum",
        rows=_NEWEST_EXPORTS,
        bad_row="hostless_count > 0 OR textless_count > 0",
        row_order=("file_id",),
        reason="Texts and hosts are written once; a link without them would silently be missing from staging.links.",
    ),
    Check(
        name="links_have_hosts",
        table=LINKS,
        severity="minimum",
        bad_row="trim(source_host) = '' OR trim(source_domain) = '' OR strpos(source_url, '.') = 0",
        reason="Readers reject addresses without a host, so one here is a defect and would count as a domain.",
    ),
    Check(
        name="link_domain_of_host",
        table=LINKS,
        severity="minimum",
        bad_row="source_host <> source_domain AND NOT ends_with(source_host, '.' || source_domain)",
        reason="A referring domain that is not its host's makes every count of domains wrong.",
    ),
    Check(
        name="links_from_elsewhere",
        table=LINKS,
        severity="maximum",
        bad_row="source_domain = site_domain",
        reason="A site's links to itself are not referring domains; any is worth a look at the export's settings.",
    ),
    Check(
        name="links_known_by_day",
        table=LINKS,
        severity="minimum",
        bad_row="observed_on > $as_of OR first_observed_on > observed_on",
        reason="No stage sees the future: a link from a later export would make a repeated night differ.",
    ),
    Check(
        name="first_seen_by_export",
        table=LINKS,
        severity="minimum",
        bad_row="first_seen_on > observed_on",
        as_share=True,
        most=_FEW,
        reason=f"{_FEW_REASON}; more means the day of the export is wrong, and every window would be misplaced.",
    ),
    Check(
        name="lost_by_export",
        table=LINKS,
        severity="maximum",
        bad_row="lost_on > observed_on",
        as_share=True,
        most=_FEW,
        reason=f"{_FEW_REASON}; more means losses are dated wrongly.",
    ),
    Check(
        name="last_seen_after_first",
        table=LINKS,
        severity="maximum",
        bad_row="last_seen_on < first_seen_on OR lost_on < first_seen_on",
        as_share=True,
        most=_FEW,
        reason=f"{_FEW_REASON}; more means columns are mixed up or days and months swapped.",
    ),
    Check(
        name="authority_in_range",
        table=LINKS,
        severity="minimum",
        bad_row=(
            "NOT (source_authority BETWEEN 0 AND 100) OR NOT (page_authority BETWEEN 0 AND 100) "
            "OR NOT (provider_score BETWEEN 0 AND 100)"
        ),
        reason="Every provider scores from 0 to 100; anything else is another column read in its place.",
    ),
    Check(
        name="outlinks_leave_site",
        table="staging.outlinks",
        severity="maximum",
        bad_row="target_domain = site_domain",
        reason="Readers leave out rows to the site itself; an owned domain may slip through, hence a warning.",
    ),
)

SEARCH_CHECKS = (
    Check(
        name="positions_in_depth",
        table=RANKINGS,
        severity="minimum",
        bad_row="NOT (position >= 1) OR position > tracked_depth",
        reason="Position 1 is best and nothing is seen past the tracker's depth; 0 often stands for not ranked.",
    ),
    Check(
        name="rankings_known_by_day",
        table=RANKINGS,
        severity="minimum",
        bad_row="ranked_on > $as_of OR observed_on > $as_of OR ranked_on > observed_on + 1",
        reason="No stage sees the future; one day is left for exports made west of UTC.",
    ),
    Check(
        name="keywords_filled",
        table=RANKINGS,
        severity="minimum",
        bad_row="trim(keyword) = ''",
        reason="A row without a keyword cannot be followed from day to day.",
    ),
    Check(
        name="some_keyword_ranks",
        table=RANKINGS,
        severity="maximum",
        rows=_NEWEST_RANKINGS,
        bad_row="keyword_count >= 10 AND ranked_count = 0",
        reason="Ten or more keywords that all vanish on one day are more often an outage of the tracker than a drop.",
    ),
    Check(
        name="search_volume_not_negative",
        table=RANKINGS,
        severity="maximum",
        bad_row="NOT (search_volume >= 0)",
        reason="A negative volume would turn a rise into a fall of visibility.",
    ),
    Check(
        name="clicks_within_impressions",
        table=PERFORMANCE,
        severity="maximum",
        bad_row="clicks > impressions",
        reason="A click needs an impression; revisions in progress can cross for a day, hence a warning.",
    ),
    Check(
        name="performance_not_negative",
        table=PERFORMANCE,
        severity="minimum",
        bad_row="NOT (clicks >= 0) OR NOT (impressions >= 0) OR isinf(clicks) OR isinf(impressions)",
        reason="Counts; anything below zero is another column or a broken number format.",
    ),
    Check(
        name="performance_known_by_day",
        table=PERFORMANCE,
        severity="minimum",
        bad_row="performed_on > $as_of OR observed_on > $as_of",
        reason="No stage sees the future.",
    ),
    Check(
        name="performance_has_dates",
        table=PERFORMANCE,
        severity="minimum",
        bad_row="performed_on IS NULL",
        reason="A daily row without a day belongs to search_performance_periods.",
    ),
    Check(
        name="performance_days_present",
        table=PERFORMANCE,
        severity="maximum",
        rows=_DAYS,
        measure="min(day_count / expected_count)",
        bad_row="day_count < 0.8 * expected_count",
        least=0.8,
        reason="With more than a fifth of the last 28 days missing, a shift of level is judged on too little.",
    ),
    Check(
        name="periods_in_order",
        table=PERIODS,
        severity="minimum",
        bad_row="ends_on < starts_on OR observed_on > $as_of",
        reason="A period that ends before it starts has its columns swapped.",
    ),
    Check(
        name="period_clicks_within_impressions",
        table=PERIODS,
        severity="maximum",
        bad_row="clicks > impressions",
        reason="A click needs an impression.",
    ),
    Check(
        name="events_in_order",
        table="staging.search_events",
        severity="maximum",
        bad_row="ends_on < starts_on OR starts_on > $as_of",
        reason="An event written down wrongly explains the wrong days; it is a note, so it warns.",
    ),
    Check(
        name="plans_lie_ahead",
        table="staging.planned_events",
        severity="maximum",
        bad_row="starts_on <= $as_of OR ends_on < starts_on",
        reason="What has begun is no plan: it would count twice, as an event and as one ahead. A note, so it warns.",
    ),
    Check(
        name="labels_known_by_day",
        table="staging.labels",
        severity="minimum",
        bad_row="observed_on > $as_of OR labelled_on > $as_of",
        reason="A judgement of a later day is not known yet: a past night must not learn from it.",
    ),
    Check(
        name="decisions_know_their_alert",
        table="staging.decision_observations",
        severity="maximum",
        scope="warehouse",
        rows=(
            "SELECT said.* FROM staging.decision_observations AS said JOIN ingest.export_files AS file USING (file_id) "
            "WHERE file.superseded_by IS NULL AND said.observed_on <= $as_of"
        ),
        bad_row="alert_id NOT IN (SELECT alert_id FROM reports.alerts)",
        reason="A decision about an alert that was never raised, by a slip of the pen, counts for nothing.",
    ),
    Check(
        name="updates_known",
        table="staging.search_events",
        severity="maximum",
        scope="warehouse",
        measure="count(*) FILTER (WHERE kind = 'update')",
        least=1,
        reason="Without the calendar of search updates every drop looks unexplained by them.",
    ),
)

CHECKS = (*LINK_CHECKS, *SEARCH_CHECKS)
