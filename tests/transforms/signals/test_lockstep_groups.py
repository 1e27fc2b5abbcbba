"""The search on numbers: what a group is, what chance explains, and that rows and nights do not matter."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.signals.lockstep_chance import Margins, log_chance
from transforms.signals.lockstep_groups import NOT_LISTED, Edges, Ints, find_groups

SOURCES, TARGETS, DAYS = 600, 150, 90


def scattered(seed: int, count: int = 3_000) -> Edges:
    """Edges at random, each pair once: targets and sources of all degrees."""
    random = np.random.default_rng(seed)
    source = np.floor(SOURCES * random.random(count) ** 2).astype(np.int64)
    target = np.floor(TARGETS * random.random(count) ** 2).astype(np.int64)
    _, first = np.unique(source * TARGETS + target, return_index=True)
    return Edges.of(source[first], target[first], random.integers(0, DAYS, len(first)))


def planted(sources: int, targets: int, first_day: int = 30, days: int = 5) -> Edges:
    """Every one of the sources links every one of the targets; numbers that :func:`scattered` does not use."""
    source, target = (side.ravel() for side in np.indices((sources, targets)))
    return Edges.of(source + SOURCES, target + TARGETS, first_day + (source + target) % days)


def together(*parts: Edges) -> Edges:
    columns = zip(*((part.source, part.target, part.day, part.count) for part in parts), strict=True)
    return Edges(*(np.concatenate(column) for column in columns))


def reordered(edges: Edges, order: Ints) -> Edges:
    return Edges(edges.source[order], edges.target[order], edges.day[order], edges.count[order])


def test_no_edges_no_groups() -> None:
    none = np.empty(0, dtype=np.int64)
    assert find_groups(Edges.of(none, none, none)) == []


@pytest.mark.parametrize("seed", range(5))
def test_chance_makes_no_group(seed: int) -> None:
    assert find_groups(scattered(seed)) == []


@pytest.mark.parametrize(("sources", "targets"), [(5, 4), (8, 3), (30, 10)])
def test_a_planted_group_is_found_whole(sources: int, targets: int) -> None:
    [group] = find_groups(together(scattered(1), planted(sources, targets)))
    assert group.sources.tolist() == [SOURCES + number for number in range(sources)]
    assert group.targets.tolist() == [TARGETS + number for number in range(targets)]
    assert len(group.rows) == sources * targets


@pytest.mark.parametrize(("sources", "targets"), [(4, 12), (40, 2)])
def test_what_is_too_small_is_no_group(sources: int, targets: int) -> None:
    assert find_groups(together(scattered(1), planted(sources, targets))) == []


def test_the_order_of_rows_means_nothing() -> None:
    edges = together(scattered(2), planted(9, 4))
    order = np.random.default_rng(3).permutation(len(edges.day))
    [group], [again] = find_groups(edges), find_groups(reordered(edges, order))
    assert again.sources.tolist() == group.sources.tolist()
    assert np.sort(order[again.rows]).tolist() == group.rows.tolist()
    assert again.chance == group.chance


def test_later_days_do_not_change_what_was_found() -> None:
    edges = together(scattered(2), planted(9, 4))
    later = Edges(edges.source, edges.target, edges.day + DAYS, edges.count)
    [group] = find_groups(edges)
    assert [found.sources.tolist() for found in find_groups(together(edges, scattered(7)))] == [group.sources.tolist()]
    [moved] = find_groups(Edges(later.source, later.target, later.day, later.count))
    assert moved.sources.tolist() == group.sources.tolist()


def test_edges_that_are_added_up_count_as_the_same_edges_listed() -> None:
    """The expected number between the group's sources and targets knows what is not listed."""
    edges = together(scattered(4), planted(8, 4))
    members, pages = np.arange(8) + SOURCES, np.arange(4) + TARGETS
    is_listed = np.isin(edges.source, members) | np.isin(edges.target, pages)
    summed = Edges(
        np.where(is_listed, edges.source, NOT_LISTED),
        np.where(is_listed, edges.target, NOT_LISTED),
        edges.day,
        edges.count,
    )
    [whole], [part] = find_groups(edges), find_groups(summed)
    assert part.sources.tolist() == whole.sources.tolist()
    margins = [Margins.of(one.source, one.target, one.day, one.count, 300) for one in (edges, summed)]
    sums = [margin.target_links[np.isin(margin.targets, pages)].sum() for margin in margins]
    assert sums[0] == sums[1]
    assert margins[0].links.tolist() == margins[1].links.tolist()


def test_chance_falls_with_the_size_of_a_group_and_grows_with_the_popularity_of_its_targets() -> None:
    def chance(sources: int, targets: int, popular: int = 0) -> float:
        others = Edges.of(
            np.arange(popular) + 10_000, np.arange(popular) % targets + TARGETS, np.full(popular, 32, dtype=np.int64)
        )
        edges = together(scattered(1), planted(sources, targets), others)
        margins = Margins.of(edges.source, edges.target, edges.day, edges.count, 300)
        return log_chance(
            margins,
            np.arange(sources) + SOURCES,
            np.arange(targets) + TARGETS,
            edge_count=sources * targets,
            least_of_source=targets,
            least_of_target=sources,
        )

    assert chance(10, 4) < chance(8, 4) < chance(8, 3)
    assert chance(8, 3) < chance(8, 3, popular=60) < chance(8, 3, popular=600)


def test_the_bound_holds_for_groups_that_chance_makes() -> None:
    """Small worlds at random: the likeliest bound of 5 %, taken over all windows, is met in far fewer than 5 %."""
    met = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        source, target = random.integers(0, 12, 400), random.integers(0, 8, 400)
        _, first = np.unique(source * 8 + target, return_index=True)
        edges = Edges.of(source[first], target[first], random.integers(0, 15, len(first)))
        margins = Margins.of(edges.source, edges.target, edges.day, edges.count, 300)
        members, pages = np.arange(5), np.arange(3)
        inside = np.isin(edges.source, members) & np.isin(edges.target, pages)
        log = log_chance(margins, members, pages, edge_count=int(inside.sum()), least_of_source=1, least_of_target=1)
        met += log <= np.log(0.05)
    assert met <= 2
