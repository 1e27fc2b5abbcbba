"""Made-up stars: organic repositories with trending days, and groups planted among them.

Users as sources, repositories as targets. What is natural and looks like acting together is in it: users with many
stars, repositories that everybody stars, days on which many star the same few, and circles of users with one taste.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.signals.lockstep_groups import Edges

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class OrganicParams:
    """A made-up organic world; sizes are those of the confirmed campaign's surroundings where known, else guesses."""

    repositories: int = 2_500
    """Organic repositories: the bar asks for 2,000."""

    users: int = 20_000
    """Users who star anything."""

    stars: int = 120_000
    """Stars in all: 48 a repository, about as many as one of the campaign has (58)."""

    days: int = 140
    """Days the stars spread over: those of the campaign."""

    popularity: float = 1.0
    """Exponent of popularity by rank (Zipf): 1 is the usual finding for stars and links."""

    activity: float = 1.5
    """Tail exponent of stars per user (Pareto): most have one or two, some hundreds."""

    sessions: float = 4.0
    """Stars of a user on one day, on average: people star in bouts."""

    trending_days: float = 0.25
    """Share of days with a trending list."""

    trending_repositories: int = 5
    """Repositories on the list of a trending day, popular ones."""

    trending_share: float = 0.5
    """Share of that day's stars that go to the list."""

    circles: int = 50
    """Circles of one taste."""

    taste_share: float = 0.5
    """Share of a user's stars that go to repositories of the own circle."""


def make_organic(seed: int, params: OrganicParams = OrganicParams()) -> Edges:
    """Stars of an organic world: each user and repository once, on its first day."""
    random = np.random.default_rng(seed)
    popularity = (1 + np.arange(params.repositories)) ** -params.popularity
    activity = random.pareto(params.activity, params.users) + 1
    bouts = random.choice(params.users, round(params.stars / params.sessions), p=activity / activity.sum())
    size = random.geometric(1 / params.sessions, len(bouts))
    source = np.repeat(bouts, size)
    day = np.repeat(random.integers(0, params.days, len(bouts)), size)
    target = random.choice(params.repositories, len(source), p=popularity / popularity.sum())
    # One circle in so many holds every so many-th repository: each circle has popular and unknown ones.
    circle = random.integers(0, params.circles, params.users)
    by_taste = random.random(len(source)) < params.taste_share
    own = params.repositories // params.circles
    within = (1 + np.arange(own)) ** -params.popularity
    target[by_taste] = (
        random.choice(own, by_taste.sum(), p=within / within.sum()) * params.circles + circle[source[by_taste]]
    )
    trending = np.flatnonzero(random.random(params.days) < params.trending_days)
    for on in trending.tolist():
        listed = random.choice(params.repositories, params.trending_repositories, p=popularity / popularity.sum())
        stars = np.flatnonzero((day == on) & (random.random(len(day)) < params.trending_share))
        target[stars] = random.choice(listed, len(stars))
    return first_of_each(source, target, day)


def first_of_each(source: Ints, target: Ints, day: Ints) -> Edges:
    """One edge a pair of source and target, on its first day."""
    order = np.lexsort((day, target, source))
    source, target, day = source[order], target[order], day[order]
    first = np.ones(len(day), dtype=bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    return Edges.of(source[first], target[first], day[first])


WORLDS = {
    "usual": OrganicParams(),
    "long bouts": OrganicParams(sessions=12.0),
    "trending days": OrganicParams(trending_days=0.5, trending_share=0.9, trending_repositories=3),
    "small portfolio": OrganicParams(stars=3_000, users=1_500, repositories=300, circles=10),
    "large portfolio": OrganicParams(stars=30_000, users=6_000, repositories=1_000, days=60, circles=30),
    "strong tastes": OrganicParams(taste_share=0.9),
    "small circles": OrganicParams(taste_share=0.9, circles=200),
}
"""Made-up worlds without groups. In ``small circles`` a hundred users share a dozen repositories and little else."""


@dataclass(frozen=True)
class Plan:
    """A group to plant: its size, the days its links spread over, how much of itself it links, and what else."""

    sources: int
    targets: int
    days: int
    linked_share: float = 1.0
    other_links: int = 0
    """Links of each source to popular targets of the world on the same days, to hide among."""


def plant(edges: Edges, plan: Plan, seed: int) -> tuple[Edges, Ints]:
    """The edges with a planted group among them, and the numbers of its sources."""
    random = np.random.default_rng((seed, plan.sources, plan.targets))
    first_source, first_target = int(edges.source.max()) + 1, int(edges.target.max()) + 1
    last_day = int(edges.day.max())
    begin = int(random.integers(0, last_day - plan.days + 1))
    source, target = (side.ravel() for side in np.indices((plan.sources, plan.targets)))
    kept = random.random(len(source)) < plan.linked_share
    own = source[kept] + first_source, target[kept] + first_target
    hidden = np.repeat(np.arange(plan.sources), plan.other_links) + first_source
    popular = random.choice(edges.target, len(hidden))
    source, target = np.concatenate((own[0], hidden)), np.concatenate((own[1], popular))
    day = begin + random.integers(0, plan.days, len(source))
    planted = first_of_each(source, target, day)
    both = Edges.of(*(np.concatenate(pair) for pair in zip(_columns(edges), _columns(planted), strict=True)))
    return both, np.arange(plan.sources) + first_source


def join(edges: Edges, others: Edges) -> Edges:
    """Both; no source or target of the one is one of the other. Those of ``edges`` keep their numbers."""
    source = np.concatenate((edges.source, others.source + edges.source.max() + 1))
    target = np.concatenate((edges.target, others.target + edges.target.max() + 1))
    return Edges.of(source, target, np.concatenate((edges.day, others.day)))


def shuffle_targets(edges: Edges, seed: int) -> Edges:
    """The same links of every source and target on every day, joined at random; what is joined twice is one edge."""
    random = np.random.default_rng(seed)
    by_day = np.argsort(edges.day, kind="stable")
    mixed = np.lexsort((random.random(len(edges.day)), edges.day))
    return first_of_each(edges.source[by_day], edges.target[mixed], edges.day[by_day])


def _columns(edges: Edges) -> tuple[Ints, Ints, Ints]:
    return edges.source, edges.target, edges.day
