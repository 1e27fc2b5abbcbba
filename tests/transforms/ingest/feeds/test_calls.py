from __future__ import annotations

import pytest

from transforms.ingest.feeds.calls import (
    Answer,
    PassingError,
    Patience,
    RefusalError,
    call,
    refuse_passing,
    retry_after,
)


def never(seconds: float) -> None:
    pytest.fail(f"slept {seconds} seconds")


def failing(*errors: Exception):
    """An attempt that raises these one after another, and then answers."""
    left = list(errors)

    def attempt() -> str:
        if left:
            raise left.pop(0)
        return "answer"

    return attempt


def test_what_passes_is_tried_again_with_doubled_waits():
    waits: list[float] = []
    attempt = failing(PassingError("a"), PassingError("b"), PassingError("c"))
    assert call(attempt, Patience(first_wait_seconds=5), waits.append) == "answer"
    assert waits == [5, 10, 20]


def test_a_longer_wait_that_the_provider_asks_for_counts():
    waits: list[float] = []
    call(failing(PassingError("a", wait_seconds=60), PassingError("b", wait_seconds=1)), Patience(), waits.append)
    assert waits == [60, 10]


def test_a_wait_beyond_patience_stops_at_once():
    with pytest.raises(RefusalError, match="asks to wait 900 seconds"):
        call(failing(PassingError("quota", wait_seconds=900)), Patience(), never)


def test_patience_runs_out():
    waits: list[float] = []
    with pytest.raises(RefusalError, match="the server failed; asked 3 times"):
        call(failing(*[PassingError("the server failed")] * 9), Patience(attempts=3), waits.append)
    assert waits == [5, 10]


def test_a_refusal_is_not_tried_again():
    with pytest.raises(RefusalError, match="no access"):
        call(failing(RefusalError("no access")), Patience(), never)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        (
            {"retry-after": "Wed, 25 Nov 2026 05:01:00 GMT", "date": "Wed, 25 Nov 2026 05:00:00 GMT"},
            60,
        ),
        ({"retry-after": "Wed, 25 Nov 2026 05:01:00 GMT"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 05:01:00 -0000", "date": "Wed, 25 Nov 2026 05:00:00 GMT"}, None),
        ({"retry-after": "soon", "date": "Wed, 25 Nov 2026 05:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_a_number_or_a_moment(headers: dict[str, str], seconds: float | None):
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("status", [429, 500, 503])
def test_quota_and_server_errors_may_pass(status: int):
    with pytest.raises(PassingError) as raised:
        refuse_passing(Answer(status=status, headers={"retry-after": "7"}, body=b""), "no")
    assert raised.value.wait_seconds == 7


def test_other_statuses_are_left_to_the_provider():
    passing = set()
    for status in (200, 302, 401, 403, 404, 429, 500):
        try:
            refuse_passing(Answer(status=status, headers={}, body=b""), "no")
        except PassingError:
            passing.add(status)
    assert passing == {429, 500}
