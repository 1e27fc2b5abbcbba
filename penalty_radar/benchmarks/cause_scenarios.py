"""Eight scenarios that must be told apart: worlds in which one thing happens, and what it is taken for.

Each is the world for testing with everything else switched off. What counts is the likeliest cause of every found drop
that was planted; drops that the noise made are counted beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from penalty_radar.benchmarks.cause_worlds import TEST_WORLD, LabelledDrop, assess, label_drops, read_world
from penalty_radar.benchmarks.rows import Row, make_row
from penalty_radar.simulation.search_engine import SearchWorld, load_search_world

SITES = 40
"""Sites of each scenario: some thirty drops or more, so that one is three points."""

LEAST_RIGHT = 0.9

SURGE_LINKED = "surge-linked"

Change = Callable[[SearchWorld], SearchWorld]


@dataclass(frozen=True)
class Scenario:
    """What happens, and what it must be taken for."""

    name: str
    cause: str
    change: Change


def _still(world: SearchWorld) -> SearchWorld:
    """The world with nothing in it but noise, natural links and sites of all sizes."""
    campaigns = {
        name: kind.model_copy(update={"sites_share": 0.0}) if kind.harm > 0 else kind
        for name, kind in world.campaigns.items()
    }
    causes = {name: cause.model_copy(update={"per_site_mean": 0.0}) for name, cause in world.causes.items()}
    updates = world.updates.model_copy(
        update={"down_share": (0.0, 0.0), "up_share": (0.0, 0.0), "risky_spam_share": 0.0}
    )
    return world.model_copy(
        update={
            "campaigns": campaigns,
            "causes": causes,
            "updates": updates,
            "season": world.season.model_copy(update={"sites_share": 0.0}),
            "breaks": world.breaks.model_copy(update={"tracker_gap_count": 0, "logging_count": 0}),
            "behaviour": world.behaviour.model_copy(update={"reacts_share": 0.0, "near_update_share": 0.0}),
        }
    )


def _with_update(world: SearchWorld) -> SearchWorld:
    return world.model_copy(update={"updates": world.updates.model_copy(update={"down_share": (0.3, 0.4)})})


def _with_cause(name: str, **changes: object) -> Change:
    def change(world: SearchWorld) -> SearchWorld:
        causes: dict[str, object] = dict(world.causes.items())
        causes[name] = world.causes[name].model_copy(update={"per_site_mean": 2.0} | changes)  # type: ignore[index]
        return world.model_copy(update={"causes": causes})

    return change


def _with_gap(world: SearchWorld) -> SearchWorld:
    """All sites have a tracker, and the tracker has gaps that nobody wrote down."""
    gaps = {"tracker_gap_count": 3, "tracker_gap_recorded_share": 0.0}
    return world.model_copy(
        update={
            "breaks": world.breaks.model_copy(update=gaps),
            "sites": world.sites.model_copy(update={"tracker_share": 1.0}),
        }
    )


def _with_season(world: SearchWorld) -> SearchWorld:
    return world.model_copy(update={"season": world.season.model_copy(update={"sites_share": 1.0})})


def _with_break(world: SearchWorld) -> SearchWorld:
    return world.model_copy(update={"breaks": world.breaks.model_copy(update={"logging_count": 3})})


def _with_campaigns(world: SearchWorld) -> SearchWorld:
    """Sites buy from 15 domains on, and the search engine minds most of it."""
    original = load_search_world(TEST_WORLD).campaigns
    campaigns = {
        name: kind.model_copy(update={"domain_count": (max(15, kind.domain_count[0]), kind.domain_count[1])})
        for name, kind in original.items()
    }
    penalty = world.penalty.model_copy(update={"most_reach": 1.0, "half_reach_domains": 5.0})
    return world.model_copy(update={"campaigns": campaigns, "penalty": penalty})


SCENARIOS = (
    Scenario("update window", "update", _with_update),
    Scenario("outage, not written down", "outage", _with_cause("outage", recorded_share=0.0)),
    Scenario("tracker gap, not written down", "tracker", _with_gap),
    Scenario("season", "season", _with_season),
    Scenario("result page changed", "result_page", _with_cause("result_page")),
    Scenario("data break", "data_break", _with_break),
    Scenario("site change, written down", "site_change", _with_cause("site_change", recorded_share=1.0)),
    Scenario(SURGE_LINKED, "links", _with_campaigns),
)


def measure_rows(sites: int = SITES) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets} of every scenario."""
    return [row for scenario in SCENARIOS for row in measure_scenario(scenario, sites)]


def measure_scenario(scenario: Scenario, sites: int) -> list[Row]:
    """How often the likeliest cause of a planted drop is the true one."""
    world = scenario.change(_still(load_search_world(TEST_WORLD))).changed(sites=sites)
    with read_world(world, scenario.name) as (connection, truth):
        assess(connection, truth.last_export_on)
        labelled = label_drops(connection, truth, truth.last_export_on)
    planted = [drop for drop in labelled if drop.fall is not None and drop.cause == scenario.cause]
    if scenario.name == SURGE_LINKED:
        planted = [drop for drop in planted if drop.verdict is not None]  # the campaign was found as a surge
    right = share_right(planted)
    table = "told apart"
    return [
        make_row(table, scenario.name, "planted drops found", len(planted)),
        make_row(table, scenario.name, "likeliest cause is right", right, f">= {LEAST_RIGHT}", right >= LEAST_RIGHT),
        make_row(table, scenario.name, "mean probability of the true cause", _mean_given(planted)),
        make_row(table, scenario.name, "drops nobody planted", sum(drop.fall is None for drop in labelled)),
    ]


def likeliest(probabilities: Mapping[str, float]) -> str:
    """The most probable cause."""
    return max(probabilities, key=lambda cause: probabilities[cause])


def share_right(drops: Iterable[LabelledDrop]) -> float:
    """Share whose likeliest cause is the true one; NaN without any."""
    right = [likeliest(drop.probabilities) == drop.cause for drop in drops]
    return sum(right) / len(right) if right else float("nan")


def _mean_given(drops: Iterable[LabelledDrop]) -> float:
    given = [drop.probabilities[drop.cause] for drop in drops]
    return sum(given) / len(given) if given else float("nan")
