"""The DAGs run for real (``dag.test()``) over a walk that only notes how it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from penalty_radar import feeding, walk
from transforms.errors import BadInputError, GateBrokenError, UsageError
from transforms.stages import ASSESSED_STAGES, INGEST

pytestmark = [pytest.mark.airflow, pytest.mark.usefixtures("airflow_home", "settings_environment")]

DAY = "2026-11-20"

FILE_COUNT = 2_000

BACKLINKS = (
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,Text,"
    "Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link\n"
    "9,A page,https://page{number}.example/,https://shop{number}.example/,shop,1,1,"
    "false,false,false,true,false,false,false,false,2026-02-24,2026-11-15,false,false\n"
)

list_batches = walk.list_batches  # the real one

Calls = list[tuple[Any, ...]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Every call of the walk: name, arguments after the settings, keyword arguments. The walk finds nothing wrong."""
    noted: Calls = []
    read_until = (f"2026-11-20T04:{minute:02}" for minute in range(60))

    def note(name: str, result: Callable[..., Any]) -> None:
        def call(settings: Any, *arguments: Any, **options: Any) -> Any:
            noted.append((name, arguments, options))
            return result(*arguments, **options)

        monkeypatch.setattr(walk, name, call)

    note("list_batches", lambda feed, site: [["a.csv", "b.csv"], ["c.csv"]])
    note("ingest_batch", lambda paths: {"loaded": len(paths)})
    note(
        "summarise_feed",
        lambda feed, given: {
            "feed": feed,
            "day": DAY,
            "loaded": sum(one["loaded"] for one in given),
            "read_until": next(read_until),
        },
    )
    note("choose_as_of", lambda as_of, site: as_of or "2026-11-01")
    note("list_sites", lambda as_of: {"standings": {}, "problems": [], "stale_count": 0})
    note("run_stage", lambda stage, as_of, site, held_back: {f"{stage}.things": 1})
    note("check_stage", lambda stage, as_of, site, held_back: held_back)
    note("build_report", lambda as_of, held_back, missing_feeds: "index.html")
    note("raise_alerts", lambda as_of, held_back=(): [])
    note("send_messages", lambda connections: ["sent  desk  Penalty Radar, 20 Nov 2026: nothing new"])
    note("publish", lambda: "snapshot")
    return noted


def run(dag_id: str, **conf: Any) -> Any:
    """One run of the DAG; returns it, finished."""
    import importlib

    return importlib.import_module(f"dags.{dag_id}").DAG.test(run_conf=conf)


def states(dag_run: Any) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in dag_run.get_task_instances()}


def test_ingest_maps_over_batches_and_publishes_the_day(calls: Calls) -> None:
    done = run("ingest_backlinks", site="shop.example")
    assert done.state == "success"
    site = {"site": "shop.example"}
    assert calls[0] == ("list_batches", ("backlinks",), site)
    assert sorted(calls[1:3]) == [
        ("ingest_batch", (["a.csv", "b.csv"],), {}),
        ("ingest_batch", (["c.csv"],), {}),
    ]
    name, (feed, summaries), _ = calls[3]
    assert (name, feed, sorted(one["loaded"] for one in summaries)) == ("summarise_feed", "backlinks", [1, 2])
    event = newest_event("backlinks")
    assert (event["feed"], event["day"], event["loaded"], event["failed_batches"]) == ("backlinks", DAY, 3, 0)


def set_read_until(monkeypatch: pytest.MonkeyPatch, read_until: str | None) -> None:
    """The newest file of any feed was loaded then."""
    summary = {"day": DAY, "read_until": read_until}
    monkeypatch.setattr(walk, "summarise_feed", lambda settings, feed, given: summary)


def test_ingest_without_news_is_skipped_and_publishes_nothing(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    set_read_until(monkeypatch, "2026-11-20T05:00")
    run("ingest_rankings")
    before = count_events("rankings")
    for batches in ([], [["set aside.csv"]]):
        monkeypatch.setattr(walk, "list_batches", lambda settings, feed, site, batches=batches: batches)
        done = run("ingest_rankings")
        assert (done.state, states(done)["summarise_feed"]) == ("success", "skipped")
    set_read_until(monkeypatch, None)
    assert states(run("ingest_rankings"))["summarise_feed"] == "skipped"
    assert count_events("rankings") == before


def test_what_was_read_and_never_announced_is_announced_by_the_next_run(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise GateBrokenError("summary", "no", "yes", "mend it")

    run("ingest_rankings")
    with monkeypatch.context() as broken:
        broken.setattr(walk, "summarise_feed", fail)
        assert run("ingest_rankings").state == "failed"
    before = count_events("rankings")
    monkeypatch.setattr(walk, "list_batches", lambda settings, feed, site: [])
    set_read_until(monkeypatch, "2026-11-20T06:00")
    assert run("ingest_rankings").state == run("ingest_rankings").state == "success"
    assert count_events("rankings") == before + 1


@pytest.mark.parametrize("failing", ["list_batches", "ingest_batch"])
def test_a_failure_keeps_back_nothing_that_was_read_and_the_run_ends_failed(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    good = getattr(walk, failing)

    def fail(settings: Any, *arguments: Any, **options: Any) -> Any:
        if arguments == (["c.csv"],) or failing == "list_batches":
            raise BadInputError("c.csv", "broken", "whole", "mend it")
        return good(settings, *arguments, **options)

    monkeypatch.setattr(walk, failing, fail)
    before = count_events("backlinks")
    set_read_until(monkeypatch, f"2026-11-20T07:00 {failing}")
    done = run("ingest_backlinks")
    assert done.state == "failed"
    assert (states(done)["summarise_feed"], states(done)["end_failed"]) == ("success", "failed")
    assert count_events("backlinks") == before + 1
    assert newest_event("backlinks")["failed_batches"] == (failing == "ingest_batch")


@pytest.mark.parametrize(
    ("dag_id", "feeds"),
    [
        ("ingest_rankings", ("search_console",)),
        ("ingest_backlinks", ("ahrefs_backlinks", "semrush_backlinks")),
    ],
)
def test_feeds_are_fetched_with_the_connections_of_airflow(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, dag_id: str, feeds: tuple[str, ...]
) -> None:
    given: list[Any] = []

    def fetch(
        settings: Any, wanted: tuple[str, ...], *, site: str | None, connections: Any, only_due: bool
    ) -> list[Any]:
        given.extend([wanted, site, only_due, connections("ahrefs"), connections("nobody")])
        return []

    monkeypatch.setenv("AIRFLOW_CONN_AHREFS", '{"conn_type": "http", "password": "key", "extra": {"token": "more"}}')
    monkeypatch.setattr(feeding, "fetch_feeds", fetch)
    assert run(dag_id, site="shop.example").state == "success"
    assert given == [feeds, "shop.example", True, {"password": "key", "host": None, "token": "more"}, {}]
    assert calls[0][0] == "list_batches"


def test_a_failed_fetch_keeps_no_file_from_being_read_and_the_run_ends_failed(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise BadInputError("shop.example search_console", "quota exceeded", "all fetched", "wait")

    monkeypatch.setattr(feeding, "fetch_feeds", fail)
    before = count_events("rankings")
    set_read_until(monkeypatch, "2026-11-20T08:00 fetch")
    done = run("ingest_rankings")
    assert done.state == "failed"
    ended = states(done)
    assert (ended["fetch_search_console"], ended["summarise_feed"], ended["end_failed"]) == (
        "failed",
        "success",
        "failed",
    )
    assert [name for name, _, _ in calls].count("ingest_batch") == 2
    assert count_events("rankings") == before + 1


def test_two_thousand_files_make_few_tasks(
    calls: Calls, settings_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(FILE_COUNT):
        folder = settings_environment / "exports" / f"shop{number}.example"
        folder.mkdir()
        (folder / f"shop{number}.example-backlinks.csv").write_text(BACKLINKS.format(number=number), encoding="utf-8")
    monkeypatch.setattr(walk, "list_batches", list_batches)
    # dag.test() keeps the parameters of an earlier run of the same DAG object, so no site is asked for outright.
    assert run("ingest_backlinks", site=None).state == "success"
    batches = [arguments[0] for name, arguments, _ in calls if name == "ingest_batch"]
    assert len(batches) <= 100
    assert len({path for batch in batches for path in batch}) == FILE_COUNT


def test_assessment_walks_stage_and_check_in_turn_with_the_day_of_the_event(calls: Calls) -> None:
    for dag_id in ("ingest_backlinks", "ingest_rankings"):
        run(dag_id)
    calls.clear()
    assert run("assess_penalty_risk").state == "success"
    walked = [(name, *arguments) for name, arguments, _ in calls]
    expected: list[tuple[str, ...]] = [("choose_as_of",), ("list_sites",), ("check_stage", INGEST)]
    for stage in ASSESSED_STAGES:
        expected += [("run_stage", stage), ("check_stage", stage)]
    last = [("raise_alerts",), ("build_report",), ("publish",), ("send_messages",)]
    assert sorted(walked[-2:]) == last[2:] and walked[:-2] == [*expected, *last[:2]]
    assert all(options["as_of"] == DAY for _, _, options in calls if "as_of" in options)
    assert newest_event("assessment")["as_of"] == DAY


def test_a_site_held_back_by_one_check_stays_held_back(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(settings: Any, stage: str, as_of: str, site: str | None, held_back: list[str]) -> list[str]:
        return sorted({*held_back, "broken.example"}) if stage == "signals" else held_back

    monkeypatch.setattr(walk, "check_stage", check)
    assert run("assess_penalty_risk").state == "success"
    held_back = {arguments[0]: options["held_back"] for name, arguments, options in calls if name == "run_stage"}
    broken = ["broken.example"]
    assert held_back == {
        "staging": [],
        "signals": [],
        "surges": broken,
        "drops": broken,
        "correlation": broken,
        "risk": broken,
    }
    assert [options["held_back"] for name, _, options in calls if name in {"build_report", "raise_alerts"}] == [
        broken
    ] * 2


def test_a_broken_warehouse_stops_the_walk_at_once(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(settings: Any, stage: str, as_of: str, site: str | None, held_back: list[str]) -> list[str]:
        if stage == "surges":
            raise GateBrokenError("stage surges", "broken", "whole", "mend it")
        return held_back

    monkeypatch.setattr(walk, "check_stage", check)
    before = count_events("assessment")
    done = run("assess_penalty_risk")
    assert done.state == "failed"
    assert states(done)["check_surges"] == "failed", "tried again although that cannot help"
    assert states(done)["run_drops"] == states(done)["publish"] == "upstream_failed"
    assert count_events("assessment") == before
    assert states(done)["tell_broken"] == "success"
    assert [name for name, _, _ in calls if name in {"build_report", "raise_alerts"}] == ["raise_alerts"]


@pytest.mark.parametrize("failing", ["choose_as_of", "run_stage", "check_stage"])
def test_only_a_broken_check_makes_the_warehouse_broken(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*arguments: Any, **options: Any) -> Any:
        raise UsageError("as_of", "no", "yes", "mend it")

    monkeypatch.setattr(walk, failing, fail)
    done = run("assess_penalty_risk")
    assert done.state == "failed"
    assert states(done)["tell_broken"] != "success"
    assert "raise_alerts" not in [name for name, _, _ in calls]


def test_day_and_site_are_parameters(calls: Calls) -> None:
    assert run("assess_penalty_risk", as_of="2026-10-05", site="shop.example").state == "success"
    options = next(options for name, _, options in calls if name == "run_stage")
    assert options == {"as_of": "2026-10-05", "site": "shop.example", "held_back": []}


@pytest.mark.parametrize("conf", [{"as_of": "yesterday"}, {"as_of": 3}])
def test_a_parameter_that_is_no_day_is_refused(calls: Calls, conf: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="as_of"):
        run("assess_penalty_risk", **conf)
    assert calls == []


def count_events(asset: str) -> int:
    return len(events(asset))


def newest_event(asset: str) -> dict[str, Any]:
    extra: dict[str, Any] = events(asset)[-1]
    return extra


def events(asset: str) -> list[Any]:
    """Extras of the asset's events, oldest first."""
    from airflow.models.asset import AssetEvent, AssetModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        query = select(AssetEvent.extra).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
        return list(session.scalars(query.where(AssetModel.name == asset).order_by(AssetEvent.id)))
