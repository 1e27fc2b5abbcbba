"""What a page says in words: which sentence of the catalogue fits what was found.

Nothing here computes a finding; it chooses among findings and says how sure each is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from reports.alert_delivery import name_check
from reports.client_words import ABOUT_OTHERS, fill_seen
from reports.hit_rates import LEAST_HANDLED, HitRate, find_rate
from reports.messages import MessageError, has_sentence, say
from reports.quality_views import Outcome
from reports.told_words import say_told
from reports.views import Cause, Evidence, PortfolioView, RecoveryEvent, RiskyLink, SiteRow, SiteView, Surge
from transforms.schemas.vocabulary import RISKY_ORIGINS

RECENT_SURGE_DAYS = 180
"""Days a surge is told after it ended: the longest after which a drop is looked for."""


@dataclass(eq=False)
class Speaker:
    """Says sentences in one language and remembers the keys from the warehouse that have no sentence."""

    language: str
    unspoken: set[str] = field(default_factory=set)

    def say(self, key: str, /, **arguments: object) -> str:
        """A sentence of our own: MessageError when it is not in the catalogue."""
        return say(key, self.language, **arguments)

    def repeat(self, key: str, arguments: dict[str, object]) -> str:
        """A sentence that a stage asked for. One that cannot be said is named instead, so that no evidence is lost."""
        try:
            return say(key, self.language, **arguments)
        except MessageError:
            self.unspoken.add(key)
            named = ", ".join(f"{name}: {value}" for name, value in sorted(arguments.items()))
            return say("page.no_sentence", self.language, key=key, arguments=named)

    def repeat_all(self, stored: str | None) -> list[str]:
        """The sentences of a stored JSON list of ``{key, args}`` or of bare keys, without counts over other sites."""
        return [
            self.say(f"incident.said.{key}") if key in ABOUT_OTHERS else self.repeat(key, arguments)
            for key, arguments, _ in read_stored(stored)
        ]

    def repeat_corrections(self, stored: str | None) -> list[str]:
        """The sentences of the corrections applied to a surge: a stored JSON list of bare names."""
        return [self.repeat(f"correction.{name}", arguments) for name, arguments, _ in read_stored(stored)]

    def repeat_rule(self, evidence: Evidence) -> str:
        """The sentence of a rule that applied to a link, as the rule itself words it."""
        sentence = evidence.says_nl if self.language == "nl" else evidence.says_en
        return fill_seen(sentence, evidence.seen)

    def repeat_told(self, link: RiskyLink) -> str:
        """What the team itself says of a link; '' where it says nothing."""
        if link.told_by is None:
            return ""
        return say_told(
            link.told_by,
            self.language,
            origin=link.told_origin,
            subject=link.told_subject or link.source_domain,
            who=link.label_who,
            day=link.told_on,
        )

    def name_check(self, outcome: Outcome) -> str:
        """What a check asks for, or its name where the catalogue has no sentence."""
        if not has_sentence(f"check.{outcome.check_name.partition(':')[0]}"):
            self.unspoken.add(f"check.{outcome.check_name}")
        return name_check(outcome.check_name, self.language, least=outcome.least_value, most=outcome.most_value)


def read_stored(stored: str | None) -> list[tuple[str, dict[str, object], float]]:
    """(key, arguments, points) of a stored JSON list; points are 0 where the list has none."""
    entries = json.loads(stored) if stored else []
    return [
        (entry, {}, 0.0) if isinstance(entry, str)
        else (str(entry["key"]), dict(entry.get("args") or {}), float(entry.get("points") or 0.0))
        for entry in entries
    ]  # fmt: skip


def find_strongest_cause(view: SiteView) -> Cause | None:
    """The most probable cause of the deepest active drop (of the deepest drop when none is active)."""
    alone = [drop for drop in view.drops if drop.part_of_drop_id is None]
    drops = [drop for drop in alone if drop.is_active] or alone
    if not drops:
        return None
    deepest = max(drops, key=lambda drop: (drop.depth_share, drop.drop_id))
    causes = [cause for cause in view.causes if cause.drop_id == deepest.drop_id]
    return max(causes, key=lambda cause: (cause.probability, cause.cause)) if causes else None


def find_earned(view: SiteView) -> frozenset[str]:
    """Ids of the surges that look like growth that was earned."""
    return frozenset(found.surge_id for found in view.compositions if found.reading == "earned_growth")


def find_declared(view: SiteView) -> frozenset[str]:
    """Ids of the surges that are the team's own campaigns, by its list of placements."""
    return frozenset(found.surge_id for found in view.declarations if found.is_declared)


def _say_what_changed(view: SiteView, speaker: Speaker) -> str:
    surges = [surge for surge in view.surges if surge.is_active]
    drops = [drop for drop in view.drops if drop.is_active and drop.part_of_drop_id is None]
    parts = []
    if surges:
        surge = max(surges, key=lambda surge: (surge.observed_count - surge.expected_count, surge.surge_id))
        parts.append(
            speaker.say("site.changed.surge", count=len(surges), observed=surge.observed_count, origin=surge.origin,
                        expected=surge.expected_count, starts_on=surge.starts_on, provider=surge.provider)
        )  # fmt: skip
        if surge.surge_id in find_earned(view):
            parts.append(speaker.say("reading.earned_growth"))
        if surge.surge_id in find_declared(view):
            parts.append(speaker.say("reading.declared_campaign"))
    if drops:
        drop = max(drops, key=lambda drop: (drop.depth_share, drop.drop_id))
        parts.append(
            speaker.say("site.changed.drop", count=len(drops), depth=drop.depth_share, starts_on=drop.starts_on,
                        provider=drop.provider)
        )  # fmt: skip
    if parts:
        return " ".join(parts)
    return _say_nothing_changed(view, speaker)


def _say_nothing_changed(view: SiteView, speaker: Speaker) -> str:
    """What was tested into the last days and is calm; what ends earlier is not known, and that is said."""
    covered = {series.kind for series in view.assessed if series.covers(view.as_of)}
    key = {("drop", "surge"): "both", ("surge",): "links", ("drop",): "rankings"}.get(tuple(sorted(covered)), "none")
    ends = [series.tested_until_on for series in view.assessed if series.tested_until_on]
    if key == "none" and ends:
        said = [speaker.say("site.unchanged.old", until_on=max(ends), days=(view.as_of - max(ends)).days)]
    else:
        said = [speaker.say(f"site.unchanged.{key}")]
    if view.surges or view.drops:
        said.append(speaker.say("site.changed.past", surges=len(view.surges), drops=len(view.drops)))
    return " ".join(said)


def _say_why(view: SiteView, speaker: Speaker) -> str:
    cause = find_strongest_cause(view)
    reasons = read_stored(view.site.reasons)
    if cause:
        key = "site.why.unknown" if cause.cause == "unknown" else "site.why.cause"
        return speaker.say(key, cause=f"cause.{cause.cause}", probability=cause.probability)
    if view.drops:
        return speaker.say("site.why.drop_unexplained")
    if view.site.tier == "not_assessed":
        return speaker.say("site.why.not_assessed")
    if reasons:
        key, arguments, _ = max(reasons, key=lambda reason: reason[2])
        return speaker.repeat(key, arguments)
    return speaker.say("site.why.no_reason")


def _say_what_next(view: SiteView, speaker: Speaker) -> str:
    """What is active comes first; then what is missing; then nothing."""
    active_drops = {drop.drop_id for drop in view.drops if drop.is_active}
    active_surges = [surge for surge in view.surges if surge.is_active]
    declared = find_declared(view)
    arranged = [surge for surge in active_surges if surge.origin in RISKY_ORIGINS and surge.surge_id not in declared]
    cause = find_strongest_cause(view) if active_drops else None
    gaps = find_gaps(view)
    if view.risky_links and any(pair.verdict == "links_likely" and pair.drop_id in active_drops for pair in view.pairs):
        return speaker.say("site.next.check_links", count=len(view.risky_links))
    if cause and cause.cause not in ("links", "unknown"):
        return speaker.say("site.next.other_cause", cause=f"cause.{cause.cause}")
    if arranged:
        return speaker.say("site.next.ask_who", count=len(arranged))
    if view.site.tier in ("high", "severe") and view.risky_links:
        return speaker.say("site.next.check_links", count=len(view.risky_links))
    if not active_surges and not active_drops and (recent := _list_recent_arranged(view)):
        return speaker.say("site.next.ask_recent", starts_on=max(surge.starts_on for surge in recent))
    if not active_drops and not gaps and (harmless := _name_harmless(view, active_surges)):
        return speaker.say(harmless)
    if any(surge.origin in ("natural", "unknown") for surge in active_surges):
        return " ".join(speaker.say(key) for key in ("site.next.look_new", *(help_key for _, help_key in gaps[:1])))
    if gaps:
        return speaker.say(gaps[0][1])
    if active_surges and all(surge.origin == "spam" for surge in active_surges):
        return speaker.say("site.next.spam")
    return speaker.say("site.next.unexplained" if active_drops else "site.next.nothing")


def _name_harmless(view: SiteView, active_surges: Sequence[Surge]) -> str | None:
    """The key of what to do where every active surge is earned, or the team's own; None elsewhere."""
    active = {surge.surge_id for surge in active_surges}
    if active and active <= find_earned(view):
        return "site.next.earned"
    return "site.next.declared" if active and active <= find_declared(view) else None


def _list_recent_arranged(view: SiteView) -> list[Surge]:
    """Surges of arranged links, not the team's own, after which a drop may still come."""
    known = find_declared(view) | find_earned(view)
    return [
        surge for surge in view.surges
        if surge.origin in RISKY_ORIGINS and surge.surge_id not in known
        and (view.as_of - surge.ends_on).days <= RECENT_SURGE_DAYS
    ]  # fmt: skip


def open_site(view: SiteView, speaker: Speaker) -> tuple[str, str, str]:
    """What changed, why we think so, what to do next."""
    return _say_what_changed(view, speaker), _say_why(view, speaker), _say_what_next(view, speaker)


def find_ranking_gap(view: SiteView) -> str:
    """The key that says why no visibility is known: nothing was read, or nothing that makes a daily series."""
    return "gap.no_series" if view.ranking_day_count else "gap.no_rankings"


def find_gaps(view: SiteView) -> list[tuple[str, str]]:
    """What cannot be told yet, worst first: (key of the gap, key of the export that would help)."""
    gaps = []
    if not view.link_series:
        gaps.append(("gap.no_links", "gap.no_links.help"))
    elif not any(series.dated_share > 0 for series in view.link_series):
        gaps.append(("gap.no_dates", "gap.no_dates.help"))
    elif not any(row.kind == "surge" and row.status == "tested" for row in view.assessed):
        gaps.append(("gap.short_links", "gap.short_links.help"))
    if not view.visibility_days:
        gap = find_ranking_gap(view)
        gaps.append((gap, f"{gap}.help"))
    elif not any(row.kind == "drop" and row.status == "tested" for row in view.assessed):
        gaps.append(("gap.short_rankings", "gap.short_rankings.help"))
    for kind, gap in (("surge", "gap.old_links"), ("drop", "gap.old_rankings")):
        tested = [row for row in view.assessed if row.kind == kind and row.status == "tested"]
        if tested and not any(row.covers(view.as_of) for row in tested):
            gaps.append((gap, f"{gap}.help"))
    if any(series.is_truncated for series in view.link_series):
        gaps.append(("gap.truncated", "gap.truncated.help"))
    if view.link_series and all(series.export_count == 1 for series in view.link_series):
        gaps.append(("gap.single_export", "gap.single_export.help"))
    return gaps


def _top_reason(site: SiteRow, speaker: Speaker) -> str:
    reasons = read_stored(site.reasons)
    if not reasons:
        return ""
    key, arguments, _ = max(reasons, key=lambda reason: reason[2])
    return speaker.repeat(key, arguments)


def open_portfolio(view: PortfolioView, speaker: Speaker) -> tuple[str, str, str]:
    """What changed over the portfolio, why we think so, what to do next."""
    new = [finding for finding in view.findings if finding.is_active and finding.is_new]
    active = [finding for finding in view.findings if finding.is_active]
    previous = max((site.previous_night for site in view.sites if site.previous_night), default=None)
    shown = new if previous else active
    by_kind = {kind: {finding.site_domain for finding in shown if finding.kind == kind} for kind in ("surge", "drop")}
    changed = speaker.say(
        "portfolio.changed" if previous else "portfolio.changed.first", sites=len(view.sites), previous=previous,
        surge_sites=len(by_kind["surge"]), drop_sites=len(by_kind["drop"]),
    )  # fmt: skip
    assessed = [site for site in view.sites if site.risk_score is not None and not site.is_held_back]
    top = assessed[0] if assessed else None
    concerned = [site for site in assessed if site.tier in ("high", "severe")]
    if top and top.tier != "low":
        why = speaker.say("portfolio.why", count=len(concerned), site=top.site_domain, score=top.risk_score)
        why = f"{why} {_top_reason(top, speaker)}".strip()
    else:
        why = speaker.say("portfolio.why.low" if top else "portfolio.why.none")
    return changed, why, _say_portfolio_next(view, top, speaker)


def _say_portfolio_next(view: PortfolioView, top: SiteRow | None, speaker: Speaker) -> str:
    held_back: Sequence[SiteRow] = [site for site in view.sites if site.is_held_back]
    unknown = [site for site in view.sites if not (site.is_tested_for_surges and site.is_tested_for_drops)]
    if held_back:
        return speaker.say("portfolio.next.held_back", count=len(held_back))
    if top and top.tier != "low":
        return speaker.say("portfolio.next.look", site=top.site_domain)
    if unknown:
        return speaker.say("portfolio.next.exports", count=len(unknown))
    return speaker.say("portfolio.next.nothing")


def say_hit_rate(rates: Sequence[HitRate], kind: str, speaker: Speaker) -> str:
    """That probabilities are calibrated on simulations and, from enough handled alerts on, the team's own hit rate."""
    rate = find_rate(rates, kind)
    if rate.interval is None:
        return speaker.say(f"hit_rate.{kind}.none", handled=rate.handled_count, least=LEAST_HANDLED)
    low, high = rate.interval
    return speaker.say(
        f"hit_rate.{kind}", handled=rate.handled_count, hits=rate.hit_count, rate=rate.rate, low=low, high=high
    )


def say_recovery_event(event: RecoveryEvent, speaker: Speaker) -> str:
    """One event on the way back, with its days since the start and until the recovery."""
    key = {"disavow_file": "back.disavow_file", "calendar": f"back.{event.kind}"}.get(event.told_by, "back.links_gone")
    said = speaker.say(
        key, day=event.happened_on, days=event.days_since_start, name=event.name, count=event.item_count,
        provider=event.told_by,
    )  # fmt: skip
    if event.days_to_recovery is None:
        return said
    return f"{said} {speaker.say('back.until', days=event.days_to_recovery)}"
