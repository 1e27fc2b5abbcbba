"""One stage for one day: exactly its slice is replaced, whole or not at all."""

import datetime
import sys
import types
from typing import Any

import pandas as pd
import pytest

from transforms import pipeline
from transforms.warehouse import open_writer

DAY = datetime.date(2026, 3, 2)
EARLIER = datetime.date(2026, 3, 1)


@pytest.fixture
def connection(tmp_path):
    with open_writer(tmp_path / "warehouse.duckdb") as connection:
        yield connection


@pytest.fixture
def scores(monkeypatch):
    """Stand-in for the code of risk.site_risk: scores by site, and the inputs it was given."""
    module: Any = types.ModuleType("transforms.risk.site_risk")
    module.READS = ("signals.daily_links", "surges.link_surges", "surges.link_surges@previous")
    module.scores = {"a.example": 10.0, "b.example": 20.0}
    module.given = {}

    def build(tables, *, as_of):
        module.given = tables
        return pd.DataFrame(
            {
                "site_domain": list(module.scores),
                "day": as_of,
                "risk_score": list(module.scores.values()),
                "tier": "low",
                "basis": "links",
                "reasons": "[]",
                "more_than_declared": 1,
            }
        )

    module.build = build
    monkeypatch.setitem(sys.modules, "transforms.risk.site_risk", module)
    return module


def rows(connection):
    return connection.execute("SELECT site_domain, day, risk_score FROM risk.site_risk ORDER BY 2, 1").fetchall()


def run(connection, day=DAY, **options):
    return pipeline.run_stage(connection, "risk", as_of=day, **options)


def test_a_second_run_changes_nothing(connection, scores):
    first = run(connection)
    before = rows(connection)
    assert run(connection) == first
    assert rows(connection) == before == [("a.example", DAY, 10.0), ("b.example", DAY, 20.0)]


def test_other_nights_stay(connection, scores):
    run(connection, EARLIER)
    scores.scores = {"a.example": 11.0}
    run(connection, DAY)
    assert rows(connection) == [
        ("a.example", EARLIER, 10.0),
        ("b.example", EARLIER, 20.0),
        ("a.example", DAY, 11.0),
    ]


def test_one_site_is_redone_alone(connection, scores):
    run(connection)
    scores.scores = {"a.example": 50.0, "b.example": 60.0}
    run(connection, sites=["b.example"])
    assert rows(connection) == [("a.example", DAY, 10.0), ("b.example", DAY, 60.0)]


def test_a_held_back_site_keeps_its_last_good_rows(connection, scores):
    run(connection)
    scores.scores = {"a.example": 50.0, "b.example": 60.0}
    run(connection, held_back={"a.example"})
    assert rows(connection) == [("a.example", DAY, 10.0), ("b.example", DAY, 60.0)]


def test_inputs_of_a_held_back_site_are_left_out(connection, scores):
    connection.execute(
        "INSERT INTO signals.daily_links VALUES ('a.example', 'p', 'natural', DATE '2026-03-01', 1, 1, 0), "
        "('b.example', 'p', 'natural', DATE '2026-03-01', 2, 2, 0)"
    )
    run(connection, held_back={"a.example"})
    assert scores.given["signals.daily_links"]["site_domain"].tolist() == ["b.example"]


def test_night_tables_are_read_for_this_night_and_previous_means_the_newest_earlier_one(connection, scores):
    for site, day, surge in [
        ("a.example", "2026-02-01", "oldest"),
        ("a.example", "2026-02-20", "newest earlier"),
        ("b.example", "2026-02-10", "only one"),
        ("b.example", "2026-03-02", "tonight"),
        ("b.example", "2026-03-05", "later"),
    ]:
        connection.execute(
            "INSERT INTO surges.link_surges BY NAME SELECT CAST(? AS DATE) AS as_of, ? AS surge_id, ? AS site_domain",
            [day, surge, site],
        )
    run(connection)
    assert scores.given["surges.link_surges"]["surge_id"].tolist() == ["tonight"]
    assert sorted(scores.given["surges.link_surges@previous"]["surge_id"]) == ["newest earlier", "only one"]


def test_a_stage_that_fails_leaves_the_old_rows(connection, scores):
    run(connection)
    scores.scores = {"a.example": "not a number"}
    with pytest.raises(Exception, match="not a number"):
        run(connection)
    assert len(rows(connection)) == 2


def test_a_missing_column_is_named(connection, scores, monkeypatch):
    monkeypatch.setattr(scores, "build", lambda tables, as_of: pd.DataFrame({"site_domain": ["a.example"]}))
    with pytest.raises(KeyError, match=r"returns no \['basis', 'day'"):
        run(connection)


def test_a_parameter_that_nobody_binds_is_named(connection, monkeypatch):
    monkeypatch.setattr(pipeline, "query_of", lambda *_: "SELECT $no_such_thing AS link_id -- $in_a_comment")
    with pytest.raises(KeyError, match=r"staging\.known_exports: \['no_such_thing'\] are bound by nobody"):
        pipeline.run_stage(connection, "staging", as_of=DAY)
