"""What brings a site down, when, how deep, and what its owner writes down and does about it.

Candidates of all causes are drawn first; where two of one site come too close, chance decides which happens, so that
no cause is rarer near another than it would be by itself. What strikes all sites at once always happens.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

import numpy as np

from penalty_radar.simulation.arrangements import draw_between
from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.search_engine.aftermath import find_way_back, note_down, take_away
from penalty_radar.simulation.search_engine.campaigns import PlannedCampaign, plan_reaction
from penalty_radar.simulation.search_engine.events import TeamEvent
from penalty_radar.simulation.search_engine.fall import Channel, Fall
from penalty_radar.simulation.search_engine.parameters import Cause, SearchWorld
from penalty_radar.simulation.search_engine.sites import Floats, SearchSite, directory_of
from penalty_radar.simulation.search_engine.updates import SPAM_SCOPES, Update
from penalty_radar.simulation.wording import pick_weighted

MOST_REPEATS = 2
"""How often one site's owner reacts to a fall with a campaign."""


@dataclass
class SiteStory:
    """Everything that happens to one site."""

    falls: list[Fall]
    campaigns: list[PlannedCampaign]
    events: list[TeamEvent]


class StoryTeller:
    """Draws the story of one site."""

    def __init__(
        self, site: SearchSite, world: SearchWorld, updates: tuple[Update, ...], campaigns: list[PlannedCampaign]
    ) -> None:
        self._site, self._world, self._updates = site, world, updates
        self._campaigns = list(campaigns)
        self._rng = open_stream(world.seed, site.domain, "falls")
        self._topics = np.array([atom.topic for atom in site.atoms])
        self._last = world.performance_days - 1

    def tell(self, everywhere: list[Fall]) -> SiteStory:
        """The site's falls, campaigns and notes; ``everywhere`` is what strikes all sites of a provider."""
        rng, world = self._rng, self._world
        candidates = [fall for campaign in self._campaigns for fall in self._punish(campaign)]
        candidates += [*self._update(), *self._season()]
        for name, cause in world.causes.items():
            candidates += [self._strike(name, cause) for _ in range(int(rng.poisson(cause.per_site_mean)))]
        falls = self._choose([fall for fall in everywhere if fall.channel != "tracker"], candidates)
        falls = [find_way_back(rng, world.recovery, fall) for fall in falls]
        falls = self._react(falls)
        notes = [note_down(rng, self._site.domain, world, fall) for fall in falls]
        events = [event for note in notes for event in note.events]
        self._campaigns = [take_away(campaign, notes, world.recovery) for campaign in self._campaigns]
        falls += [fall for fall in everywhere if fall.channel == "tracker" and self._site.has_tracker]
        return SiteStory(sorted(falls, key=lambda fall: fall.start), self._campaigns, events)

    def _punish(self, campaign: PlannedCampaign) -> list[Fall]:
        """The fall that a campaign brings, if it does: the more domains, the likelier; after days, weeks or months."""
        rng, plan = self._rng, self._world.penalty
        reach = plan.most_reach * campaign.kind.harm
        reach *= 1 - 0.5 ** (campaign.domain_count / plan.half_reach_domains)
        is_caught, is_manual = rng.random() < reach, rng.random() < plan.manual_share
        lag = plan.lags[pick_weighted(rng, {name: lag.share for name, lag in plan.lags.items()})]
        days = draw_between(rng, plan.manual_lag_days if is_manual else lag.days)
        scope: Literal["site", "page", "mixed"] = "site"
        chosen = pick_weighted(rng, {str(name): share for name, share in plan.scopes.items()})
        if campaign.ordered and not is_manual:
            scope = "page" if chosen == "page" else "mixed" if chosen == "mixed" else "site"
        weights, depth = self._target(campaign, scope)
        if is_manual:
            depth = rng.uniform(*plan.manual_depth)
        ramp = 1 if is_manual else draw_between(rng, plan.ramp_days)
        start = self._world.day_number(campaign.starts_on) + days
        if not is_caught or not 0 < start <= self._last:
            return []
        update = self._during(start)
        return [
            Fall(
                name=f"{self._site.domain} links {start}", cause="links", channel="rank", scope=scope, start=start,
                ramp=ramp, depth=depth, weights=weights, lag_days=days, campaign=campaign.name, is_manual=is_manual,
                is_recorded=is_manual, update=update.name if update else None,
            )
        ]  # fmt: skip

    def _target(self, campaign: PlannedCampaign, scope: str) -> tuple[Floats, float]:
        """What a penalty takes: the linked pages and their anchored keywords, some of the rest, or the whole site."""
        rng, plan = self._rng, self._world.penalty
        rest, depth = rng.uniform(*plan.rest_depth), rng.uniform(*plan.page_depth)
        whole, others = rng.uniform(*plan.site_depth), np.where(self._topics == "brand", plan.brand_left, 1.0)
        if scope == "site":
            return others, whole
        linked = self._site.mask(paths=campaign.paths)
        anchored = np.array([atom.keyword in campaign.keywords for atom in self._site.atoms])
        weights = np.where(linked, 1.0 - plan.keyword_extra, 0.0)
        weights[anchored] = np.where(linked[anchored], 1.0, plan.keyword_extra)
        if scope == "mixed":
            weights = np.maximum(weights, others * rest / depth)
        return weights, depth

    def _update(self) -> list[Fall]:
        """Falls and gains that come with updates; against spam, sites with risky links fall for their links."""
        rng, plan, falls = self._rng, self._world.updates, []
        for update in self._updates:
            chance, is_hit = rng.random(), rng.random() < plan.risky_spam_share
            length = (update.ends_on - update.starts_on).days + 1
            start = self._world.day_number(update.starts_on) + int(rng.integers(min(length, 21)))
            common = {
                "scope": "site", "channel": "rank", "start": start, "update": update.name, "is_recorded": True,
                "ramp": draw_between(rng, plan.ramp_days), "weights": self._rest(plan.brand_left),
            }  # fmt: skip
            depth, risky_depth, gain = (rng.uniform(*span) for span in (plan.depth, plan.risky_spam_depth, plan.gain))
            risky = self._risky_before(start) if update.scope in SPAM_SCOPES else None
            if not 0 < start <= self._last:
                continue
            if risky is not None and is_hit:
                lag = start - self._world.day_number(risky.starts_on)
                falls.append(Fall(name=f"{self._site.domain} links {start}", cause="links", depth=risky_depth,
                                  campaign=risky.name, lag_days=lag, **common))  # type: ignore[arg-type]  # fmt: skip
            elif chance < update.down_share:
                falls.append(Fall(name=f"{self._site.domain} update {start}", cause="update", depth=depth,
                                  **common))  # type: ignore[arg-type]  # fmt: skip
            elif chance < update.down_share + update.up_share:
                falls.append(Fall(name=f"{self._site.domain} gain {start}", cause="update", depth=-gain, is_gain=True,
                                  **common))  # type: ignore[arg-type]  # fmt: skip
        return falls

    def _season(self) -> list[Fall]:
        """Each year the same fall of demand, and its return at the start of the next high season."""
        rng, plan = self._rng, self._world.season
        has_season = rng.random() < plan.sites_share
        depth, edge = rng.uniform(*plan.depth), draw_between(rng, plan.edge_days)
        first, high = int(rng.integers(365)), draw_between(rng, plan.high_days)
        jitters = rng.integers(-plan.year_jitter_days, plan.year_jitter_days + 1, 4)
        if not has_season:
            return []
        falls = []
        for year, jitter in zip(range(-1, 3), jitters, strict=True):
            start = first + 365 * year + int(jitter)
            back = start + 365 - high
            if start <= self._last and back + edge > 0:
                falls.append(
                    Fall(
                        name=f"{self._site.domain} season {start}", cause="season", channel="demand", scope="site",
                        start=start, ramp=edge, depth=depth, weights=np.ones(len(self._topics)), recovers_at=back,
                        back_days=edge,
                    )
                )  # fmt: skip
        return falls

    def _strike(self, name: str, cause: Cause) -> Fall:
        """A cause that has to do with neither links nor updates."""
        rng = self._rng
        start = int(rng.integers(self._world.quiet_days, self._last))
        depth, ramp = rng.uniform(*cause.depth), draw_between(rng, cause.ramp_days)
        days, back = draw_between(rng, cause.days or (0, 0)), draw_between(rng, cause.back_days)
        regained, is_recorded = rng.uniform(*cause.regained), bool(rng.random() < cause.recorded_share)
        lasts, in_one = rng.random() < cause.lasting_share, rng.random() < cause.one_directory_share
        weights = self._rest(cause.brand_left)
        if in_one:
            directories = sorted({directory_of(path) for path in self._site.paths if path != "/"})
            chosen = directories[int(rng.integers(len(directories)))]
            weights *= np.array([directory_of(atom.path) == chosen for atom in self._site.atoms])
        channel: Channel = {"outage": "reach", "result_page": "click_rate"}.get(name, "rank")  # type: ignore[assignment]
        return Fall(
            name=f"{self._site.domain} {name} {start}", cause=name, channel=channel,
            scope="directory" if in_one else "site", start=start, ramp=ramp, depth=depth, weights=weights,
            recovers_at=start + ramp + days if cause.days and not lasts else None, back_days=back, regained=regained,
            is_recorded=is_recorded,
        )  # fmt: skip

    def _choose(self, certain: list[Fall], candidates: list[Fall]) -> list[Fall]:
        """Of the candidates, in an order that chance makes, those that are not too close to one chosen before."""
        seasons = [fall for fall in candidates if fall.cause == "season"]
        others = [fall for fall in candidates if fall.cause != "season"]
        chosen = [*certain, *seasons]
        for place in self._rng.permutation(len(others)):
            if self._is_apart(others[int(place)], chosen):
                chosen.append(others[int(place)])
        return sorted(chosen, key=lambda fall: (fall.start, fall.name))

    def _is_apart(self, fall: Fall, chosen: list[Fall]) -> bool:
        apart = self._world.behaviour.apart_days
        return all(
            fall.start > other.start + other.ramp + apart or other.start > fall.start + fall.ramp + apart
            for other in chosen
        )

    def _react(self, falls: list[Fall]) -> list[Fall]:
        """Campaigns that owners buy because they fell, and what those bring in turn."""
        rng, behaviour, kept = self._rng, self._world.behaviour, list(falls)
        reactions = 0
        for fall in falls:
            is_bad = not fall.is_gain and fall.cause not in {"outage", "data_break", "season"}
            if rng.random() >= behaviour.reacts_share or not is_bad or reactions >= MOST_REPEATS:
                continue
            fallen_on = self._world.first_performance_on + datetime.timedelta(days=fall.start)
            campaign = plan_reaction(rng, self._site, self._world, fall.name, fallen_on)
            if campaign is None or fall.start < 0:
                continue
            reactions += 1
            self._campaigns.append(campaign)
            kept += [
                find_way_back(rng, self._world.recovery, new)
                for new in self._punish(campaign)
                if self._is_apart(new, kept)
            ]
        return kept

    def _rest(self, brand_left: float) -> Floats:
        return np.where(self._topics == "brand", brand_left, 1.0)

    def _during(self, start: int) -> Update | None:
        day = self._world.first_performance_on + datetime.timedelta(days=start)
        return next((update for update in self._updates if update.starts_on <= day <= update.ends_on), None)

    def _risky_before(self, start: int) -> PlannedCampaign | None:
        """The largest campaign of risky links that had been placed some time before the day."""
        least, most = self._world.updates.risky_within_days
        found = [
            campaign
            for campaign in self._campaigns
            if campaign.kind.harm > 0 and least <= start - self._world.day_number(campaign.starts_on) <= most
        ]
        return max(found, key=lambda campaign: campaign.domain_count, default=None)
