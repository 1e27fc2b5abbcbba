"""The lockstep benchmark: its made-up worlds are what they say, and a campaign is read and scored as stated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from penalty_radar.benchmarks import lockstep
from penalty_radar.benchmarks.lockstep_worlds import (
    OrganicParams,
    Plan,
    join,
    make_organic,
    plant,
    shuffle_targets,
)
from transforms.errors import UsageError
from transforms.signals.lockstep_groups import Edges, find_groups

SMALL = OrganicParams(stars=2_000, users=800, repositories=200, circles=10, days=40)


def degrees(numbers: np.ndarray) -> list[int]:
    return sorted(np.unique(numbers, return_counts=True)[1].tolist())


def write_campaign(path: Path, users: int, repositories: int) -> None:
    """Every user stars every repository, twice, and forks one."""
    path.parent.mkdir(parents=True)
    rows = ["type,created_at,repo,actor"]
    rows += [
        f"WatchEvent,2024-05-0{1 + user % 3} 10:0{again}:00 UTC,owner/repo{repository},user{user}"
        for user in range(users)
        for repository in range(repositories)
        for again in (0, 1)
    ]
    rows.append("ForkEvent,2024-04-01 10:00:00 UTC,owner/other,user0")
    path.write_text("\n".join(rows), encoding="utf-8")


def test_a_world_is_the_same_for_the_same_seed() -> None:
    one, again, other = make_organic(1, SMALL), make_organic(1, SMALL), make_organic(2, SMALL)
    assert one.target.tolist() == again.target.tolist()
    assert one.target.tolist() != other.target.tolist()


def test_a_user_stars_a_repository_once() -> None:
    world = make_organic(1, SMALL)
    assert len(np.unique(np.stack((world.source, world.target)), axis=1).T) == len(world.source)
    assert 1_000 < len(world.source) <= 2_100


def test_shuffling_moves_targets_within_their_days() -> None:
    one = Edges.of(np.arange(60), np.arange(60), np.repeat([3, 9], 30))
    mixed = shuffle_targets(one, 4)
    assert set(mixed.target[mixed.day == 3]) == set(range(30))
    assert mixed.source.tolist() == list(range(60))
    assert mixed.target.tolist() != one.target.tolist()


def test_a_planted_group_is_complete_and_stays_within_its_days() -> None:
    world = make_organic(1, SMALL)
    mixed, members = plant(world, Plan(6, 4, 7), 3)
    own = np.isin(mixed.source, members)
    assert own.sum() == 24
    assert np.ptp(mixed.day[own]) < 7
    assert not np.isin(mixed.target[own], world.target).any()


def test_joined_worlds_have_nothing_in_common() -> None:
    one, other = make_organic(1, SMALL), make_organic(2, SMALL)
    both = join(one, other)
    assert degrees(both.source) == sorted(degrees(one.source) + degrees(other.source))
    assert both.target[: len(one.target)].tolist() == one.target.tolist()


def test_a_campaign_is_read_as_first_stars(tmp_path: Path) -> None:
    path = tmp_path / lockstep.CAMPAIGN_FILE
    write_campaign(path, users=6, repositories=4)
    campaign, repositories = lockstep.read_campaign(path)
    assert repositories == 4
    assert len(campaign.day) == 24
    assert set(campaign.day.tolist()) == {0, 1, 2}


def test_a_campaign_among_organic_stars_is_told_without_them(tmp_path: Path) -> None:
    path = tmp_path / lockstep.CAMPAIGN_FILE
    write_campaign(path, users=9, repositories=5)
    campaign, repositories = lockstep.read_campaign(path)
    groups = find_groups(join(campaign, make_organic(1, SMALL)))
    told = np.unique(np.concatenate([group.targets for group in groups]))
    assert told.tolist() == list(range(repositories))


def test_an_absent_campaign_is_left_out_with_the_reason(tmp_path: Path) -> None:
    [row] = lockstep._measure_campaign(tmp_path / lockstep.CAMPAIGN_FILE, 1)
    assert row["table"] == lockstep.LEFT_OUT
    assert row["value"] is None
    assert "starscout" in row["reference"]


def test_a_data_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--data"):
        lockstep.measure_rows(tmp_path / "nowhere")
