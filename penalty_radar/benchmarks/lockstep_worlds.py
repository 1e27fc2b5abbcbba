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
