"""The profile of a site as values for its page: figures, the sentence that says what each shows, and their tables."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from reports import profile_figures as drawn
from reports.bins import Period
from reports.page_template import figure_json
from reports.profile_data import MOST_POINTS
from reports.profile_views import ANCHOR_GROUPS, AnchorProfile, LinkedPages, Lives, ProfileView, Source, SourceMap
from reports.sentences import Speaker
from reports.views import SiteView
from transforms.schemas.vocabulary import ORIGINS, RISKY_ORIGINS

CLEAR_CHANGE = 0.05
"""Least difference of shares, or of changes, that a sentence calls a difference: less is within a month's noise."""
LEAST_PAIRS = 30
"""Fewest link texts of a period whose shares are compared: with fewer, one domain moves a share by three percent."""
CLEAR_LIVES = 0.1
"""Least difference of shares standing that a sentence calls a difference: about the width of an interval."""
LIFE_DAYS = 365
"""Age at which lives are compared in a sentence, where it is reached; else the oldest age that both reach."""


def say_origins(counts: Mapping[Period, Counter[str]], speaker: Speaker) -> str:
    """How much of what was new looks arranged: over all periods drawn, at its most, and in the newest."""
    newest = list(counts)[-1]
    shares = {period: drawn.arranged_share(found) or 0.0 for period, found in counts.items()}
    overall = drawn.arranged_share(sum(counts.values(), start=Counter()))
    if not overall:
        return speaker.say("profile.origins.see.none")
    peak = max(shares, key=lambda period: shares[period])
    return speaker.say(
        "profile.origins.see", overall=overall, peak=drawn.name_period(peak, speaker.language), peak_share=shares[peak],
        count=counts[peak].total(), period=drawn.name_period(newest, speaker.language), share=shares[newest],
    )  # fmt: skip


def say_anchors(profiles: tuple[AnchorProfile, ...], speaker: Speaker) -> str:
    """How buying words and brand changed against the site's own past, and where its competitors stand."""
    named = {profile.name: profile for profile in profiles if not profile.is_competitor}
    if "all" in named:
        whole = named["all"].shares
        parts = [speaker.say("profile.anchors.see.all", money=whole["money"], brand=whole["brand"])]
    else:
        now, past = named["recent"], named["past"]
        is_thin = min(now.pair_count, past.pair_count) < LEAST_PAIRS
        change = now.shares["money"] - past.shares["money"]
        key = "thin" if is_thin else "more" if change >= CLEAR_CHANGE else "less" if change <= -CLEAR_CHANGE else "same"
        parts = [
            speaker.say(
                f"profile.anchors.see.{key}", money=now.shares["money"], before=past.shares["money"],
                brand=now.shares["brand"], brand_before=past.shares["brand"],
                count=min(now.pair_count, past.pair_count),
            )
        ]  # fmt: skip
    others = [profile.shares["money"] for profile in profiles if profile.is_competitor]
    if others:
        parts.append(
            speaker.say("profile.anchors.see.competitors", count=len(others), low=min(others), high=max(others))
        )
    return " ".join(parts)


def say_sources(found: SourceMap, speaker: Speaker) -> str:
    """How strong, and how near to the site's subject, arranged and natural sources are."""
    arranged = [count for count in found.counts if count.origin in RISKY_ORIGINS]
    natural = [count for count in found.counts if count.origin == "natural"]
    if not found.is_relevance_known:
        return speaker.say("profile.sources.see.unknown")
    near, natural_near = _share_near(arranged), _share_near(natural)
    if near is None or natural_near is None:
        return speaker.say("profile.sources.see.all", share=_share_near(found.counts))
    return speaker.say("profile.sources.see", arranged=near, natural=natural_near)


def _share_near(counts: Sequence[Source]) -> float | None:
    """Share of the sources of these origins, of those of which it is known, that are on the site's subject."""
    known = sum(count.relevance_known_count for count in counts)
    return sum(count.relevant_count for count in counts) / known if known else None


def say_lives(lives: Lives, speaker: Speaker) -> str:
    """How many domains still stand at an age that both groups reach."""
    curves = {curve.origin_group: curve for curve in lives.curves}
    ages = sorted((mark.age_days for mark in lives.curves[0].marks), key=lambda age: (age > LIFE_DAYS, -age))
    for age in ages:
        standing = {
            group: mark.share
            for group, curve in curves.items() for mark in curve.marks
            if mark.age_days == age and mark.share is not None
        }  # fmt: skip
        if {"natural", "arranged"} <= set(standing):
            is_shorter = standing["natural"] - standing["arranged"] >= CLEAR_LIVES
            key = "profile.lives.see.shorter" if is_shorter else "profile.lives.see"
            return speaker.say(key, days=age, natural=standing["natural"], arranged=standing["arranged"])
    for age in ages:
        for curve in lives.curves:
            for mark in curve.marks:
                if mark.age_days == age and mark.share is not None:
                    group = f"profile.lives.{curve.origin_group}"
                    return speaker.say("profile.lives.see.one", days=age, group=speaker.say(group), share=mark.share)
    return speaker.say("profile.lives.see.short")


def say_pages(linked: LinkedPages, speaker: Speaker) -> str:
    """How the pages with arranged links did beside the site's other pages."""
    change, others = linked.linked_change, linked.other_change
    if change is None:
        return speaker.say("profile.pages.see.untold")
    if others is None:
        return speaker.say("profile.pages.see.alone", change=abs(change), direction=_direction(change))
    gap = change - others
    key = "worse" if gap <= -CLEAR_CHANGE else "better" if gap >= CLEAR_CHANGE else "same"
    return speaker.say(
        f"profile.pages.see.{key}", change=abs(change), direction=_direction(change), others=abs(others),
        others_direction=_direction(others),
    )  # fmt: skip


def _direction(change: float) -> str:
    """Rose or fell, as a term of the catalogue."""
    return "change.rise" if change >= 0 else "change.fall"


def say_exchange(profile: ProfileView, speaker: Speaker) -> str:
    """Whether more goes both ways than is usual for a site with as many links, and whether it came at one time."""
    found = profile.exchange
    parts = []
    if found and found.is_told and found.mutual_count is not None:
        key = "beyond" if found.is_beyond_expected else "usual"
        parts.append(
            speaker.say(
                f"profile.network.see.{key}", mutual=found.mutual_count, expected=found.expected_count,
                synchronous=found.synchronous_count, p=found.p_value,
            )
        )  # fmt: skip
    if profile.members:
        groups = {member.group_id: member.source_count for member in profile.members}
        parts.append(speaker.say("profile.network.see.groups", groups=len(groups), sources=sum(groups.values())))
    return " ".join(parts)


def show_profile(
    view: SiteView,
    profile: ProfileView,
    surge_names: Mapping[str, str],
    drop_names: Mapping[str, str],
    speaker: Speaker,
) -> dict[str, Any]:
    """Values of the template ``site_profile.html.j2``: ``profile_*``; a figure that has nothing to show is None."""
    language = speaker.language
    counts = drawn.count_origins(view.link_days, profile.anchor_provider)
    sources, lives, linked = profile.sources, profile.lives, profile.linked
    days = [row.day for row in view.link_days if row.new_domain_count] + [row.day for row in view.visibility_days]
    first_on, last_on = min(days, default=view.as_of), max([view.as_of, *days])
    months = tabulate_segments(profile, language)
    figures = {
        "origins": drawn.draw_origins(counts, language),
        "anchors": drawn.draw_anchors(profile.anchors, language),
        "sources": drawn.draw_sources(sources, language) if sources else None,
        "lives": drawn.draw_lives(lives, language) if lives else None,
        "network": drawn.draw_network(view.site.site_domain, profile.partners, profile.members, language),
        "pages": drawn.draw_pages(linked, language),
        "segments": drawn.draw_segments(profile.segments, view.drops, drop_names, last_on, first_on, language),
    }
    sees = {
        "origins": say_origins(counts, speaker) if counts else "",
        "anchors": say_anchors(profile.anchors, speaker) if profile.anchors else "",
        "sources": say_sources(sources, speaker) if sources else "",
        "lives": say_lives(lives, speaker) if lives else "",
        "network": say_exchange(profile, speaker),
        "pages": say_pages(linked, speaker) if linked.pages else "",
    }
    return {
        "profile": profile, "profile_figures": {name: figure_json(figure) for name, figure in figures.items()},
        "profile_sees": sees, "profile_counts": counts, "anchor_groups": ANCHOR_GROUPS, "signs": drawn.SIGNS,
        "profile_origins": [name for name in ORIGINS if any(found[name] for found in counts.values())],
        "name_period": lambda period: drawn.name_period(period, language),
        "name_anchors": lambda one: drawn.name_anchors(one, language),
        "segment_months": months, "shown_months": sorted({month for row in months.values() for month in row})[-12:],
        "shown_points": sum(len(trace["x"]) for trace in (figures["sources"] or {"data": []})["data"]),
        "most_points": MOST_POINTS, "life_roles": drawn.LIFE_ROLES,
        "turn_name": {**surge_names, **drop_names}.get(linked.turn.finding_id or "", ""),
    }  # fmt: skip


def tabulate_segments(profile: ProfileView, language: str) -> dict[str, dict[datetime.date, float]]:
    """The table behind the small charts: part of the site to the first day of a month to its mean a day."""
    weeks: dict[str, dict[datetime.date, list[float]]] = {}
    for week in profile.segments:
        months = weeks.setdefault(drawn.name_segment(week.segment_kind, week.segment, language), {})
        months.setdefault(week.ends_on.replace(day=1), []).append(week.visibility)
    return {
        part: {month: sum(values) / len(values) for month, values in sorted(months.items())}
        for part, months in weeks.items()
    }  # fmt: skip
