"""Great Expectations judges, quietly, and tells nobody outside."""

from __future__ import annotations

import socket
import warnings

import pandas as pd
import pytest

from expectations.check import Check
from expectations.judge import gx_context, judge


def check(name: str, **bounds: float) -> Check:
    return Check(
        name=name,
        table="t.t",
        severity="minimum",
        measure="count(*)",
        reason="made up",
        **bounds,  # type: ignore[arg-type]
    )


def test_bounds_are_inclusive_and_unmeasured_sites_break_nothing() -> None:
    measured = pd.DataFrame(
        {
            "site_domain": ["a.example", "b.example", "c.example"],
            "most_two": [2.0, 2.5, float("nan")],
            "least_one": [0.5, float("nan"), 1.0],
            "never": [float("nan")] * 3,
        }
    )

    broken = judge(
        "made up", measured, [check("most_two", most=2), check("least_one", least=1), check("never", most=0)]
    )

    assert broken == {"most_two": {"b.example"}, "least_one": {"a.example"}, "never": frozenset()}


def test_infinity_is_out_of_bounds() -> None:
    measured = pd.DataFrame({"site_domain": ["a.example"], "m": [float("inf")]})
    assert judge("made up", measured, [check("m", most=5)]) == {"m": {"a.example"}}


def test_a_check_that_cannot_be_evaluated_is_neither_pass_nor_failure() -> None:
    measured = pd.DataFrame({"site_domain": ["a.example"], "m": [1.0]})
    with pytest.raises(RuntimeError, match="missing"):
        judge("made up", measured, [check("m", most=5), check("missing", most=5)])
    measured["text"] = "many"
    with pytest.raises(RuntimeError, match="Great Expectations failed"):
        judge("made up", measured, [check("m", most=5), check("text", most=6)])


def test_checks_of_the_same_bounds_are_told_apart_by_name_and_site() -> None:
    measured = pd.DataFrame(
        {"site_domain": ["a.example", "b.example"], "one": [0.0, 1.0], "two": [3.0, 0.0], "three": [1.0, 0.0]}
    )
    broken = judge("made up", measured, [check("one", most=0), check("two", most=0), check("three", most=2)])
    assert broken == {"one": {"b.example"}, "two": {"a.example"}, "three": frozenset()}


def test_judging_is_quiet_and_opens_no_connection(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    measured = pd.DataFrame({"site_domain": ["a.example"], "m": [1.0]})
    capfd.readouterr()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judge("made up", measured, [check("m", most=0)])

    assert capfd.readouterr() == ("", "")


def test_usage_statistics_are_off_and_one_context_serves_the_process() -> None:
    assert gx_context().variables.analytics_enabled is False
    assert gx_context() is gx_context()
    assert not gx_context().progress_bars["globally"]
