"""The bounds by which a finding becomes an alert, and an alert pages someone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AlertParameters:
    """Bounds of the rules in :mod:`reports.alert_findings` and its neighbours; each says why."""

    recent_days: int = 14
    """Days a finding stays news; the span of ``is_active`` in surges.link_surges and drops.ranking_drops."""

    merge_days: int = 7
    """Days within which two providers speak of one event: crawlers differ by about a week in first sight."""

    severe_depth_share: float = 0.5
    """Share of visibility lost from which a drop is critical: half of the visitors from search."""

    unlikely_measured: float = 0.5
    """Probability that a drop is one of measuring (tracker, data break) from which it is information only: then it is
    more likely than all else together that nobody lost a visitor."""

    risky_tiers: tuple[str, ...] = ("high", "severe")
    """Tiers of risk in which links of unclear origin, a lost batch or a network are worth a warning: there one more
    risky link counts most. A site that is not assessed counts as risky only where the finding itself is."""

    calm_tiers: tuple[str, ...] = ("low",)
    """Tiers of risk in which even a surge of a risky origin is information: the risk counts the surge already."""

    batch_news_days: int = 30
    """Days a lost batch or a network stays news: crawlers come by about once a month, so both come to light late."""

    event_news_days: int = 90
    """Days after its first day that a manual action, first written down now, is news: longer ago it is the past of a
    site that has just been taken on."""

    outage_sites: int = 3
    """Sites from which one cause is told once: two sites fall in one week by chance now and then, three with the same
    likeliest cause hardly ever."""

    outage_probability: float = 0.5
    """Probability of the shared cause from which a drop may be told within it: more likely than all else together."""

    folded_causes: tuple[str, ...] = ("outage", "tracker", "data_break", "update")
    """Causes that strike many sites at once. A drop that pages is never told within an update: the site did fall."""

    own_provider_causes: tuple[str, ...] = ("tracker", "data_break")
    """Of these the causes that are of one provider: two trackers that stand still are two outages."""

    cooldown_days: int = 7
    """Days in which the same thing of a site (a surge of the same origin, another drop, the same check or feed) is not
    told again, unless it is more urgent: one digest a week. What is held is told afterwards, if it is still news."""

    stale_news_days: int = 14
    """Days a late feed (ingest.feeds) stays news; after them it is history: an old archive raises nothing."""

    late_days: int = 3
    """Days a night may lie before the newest loaded export and still be told: nights made up for after a weekend are
    news, older ones are a backfill."""

    page_kinds: tuple[str, ...] = ("manual_action", "drop", "held_back")
    """Kinds of which the gravest page someone at once: a manual action; a critical drop of the whole site, confirmed
    and standing alone; a warehouse that stops the walk. All else can wait for the digest: it is days old when found."""
