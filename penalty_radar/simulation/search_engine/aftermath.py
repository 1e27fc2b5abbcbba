"""After a fall: the way back, what the team writes into its calendar, and what it does about its links."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from penalty_radar.simulation.arrangements import draw_between
from penalty_radar.simulation.search_engine.campaigns import PlannedCampaign
from penalty_radar.simulation.search_engine.events import TeamEvent
from penalty_radar.simulation.search_engine.fall import Fall
from penalty_radar.simulation.search_engine.parameters import Recovery, SearchWorld


@dataclass(frozen=True)
class Note:
    """What the team wrote down about one fall, and the day on which it took the campaign's links away, if it did."""

    events: tuple[TeamEvent, ...]
    campaign: str | None = None
    removed_on: datetime.date | None = None


def find_way_back(rng: np.random.Generator, plan: Recovery, fall: Fall) -> Fall:
    """The fall with its way back, for those that find one; only penalties and updates are decided here."""
    comes_back = rng.random() < (plan.penalty_share if fall.cause == "links" else plan.update_share)
    after, back = draw_between(rng, plan.after_days), draw_between(rng, plan.back_days)
    regained = rng.uniform(*plan.regained)
    if fall.cause not in {"links", "update"} or fall.is_gain or not comes_back:
        return fall
    return replace(fall, recovers_at=fall.start + fall.ramp + after, back_days=back, regained=regained)


def note_down(rng: np.random.Generator, domain: str, world: SearchWorld, fall: Fall) -> Note:
    """What the team writes down about a fall; nothing of days after the last export."""
    day = world.first_performance_on + datetime.timedelta(days=fall.start)
    delay, removes = draw_between(rng, world.penalty.manual_noted_after_days), rng.random()
    disavows, ahead = rng.random(), int(rng.integers(10, 30))
    back_on = None
    if fall.recovers_at is not None:
        back_on = world.first_performance_on + datetime.timedelta(days=fall.recovers_at)
    events, removed_on = [], None
    if fall.is_manual:
        ends = back_on if back_on and back_on <= world.last_export_on else None
        noted = day + datetime.timedelta(days=delay)
        events.append(TeamEvent("manual_action", domain, "Unnatural links to the site", noted, ends, "links"))
    elif fall.cause == "outage" and fall.is_recorded:
        events.append(TeamEvent("outage", domain, "Site could not be reached", day, back_on, fall.scope))
    elif fall.cause == "site_change" and fall.is_recorded:
        events.append(TeamEvent("site_change", domain, "New version of the site", day, None, fall.scope))
    if fall.cause == "links" and back_on is not None:
        done_on = max(day + datetime.timedelta(days=3), back_on - datetime.timedelta(days=ahead))
        if removes < world.recovery.removal_share:
            removed_on = done_on
            events.append(TeamEvent("link_removal", domain, "Links taken away", done_on))
        if disavows < world.recovery.disavow_share:
            handed_on = done_on + datetime.timedelta(days=1)
            events.append(TeamEvent("disavow", domain, "Disavow file handed in", handed_on))
        if fall.is_manual:
            asked_on = done_on + datetime.timedelta(days=2)
            events.append(TeamEvent("reconsideration", domain, "Request sent", asked_on))
    known = tuple(event for event in events if event.starts_on <= world.last_export_on)
    return Note(known, fall.campaign, removed_on)


def take_away(campaign: PlannedCampaign, notes: Sequence[Note], plan: Recovery) -> PlannedCampaign:
    """The campaign with the day on which a share of its links is taken away, where somebody did that."""
    days = [note.removed_on for note in notes if note.campaign == campaign.name and note.removed_on is not None]
    return replace(campaign, removed_on=min(days), removed_share=plan.removed_links_share) if days else campaign
