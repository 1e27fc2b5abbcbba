from __future__ import annotations

import datetime
import threading
from pathlib import Path

import pytest

from transforms.ingest.feeds.calls import CapError
from transforms.ingest.feeds.ledger import Caps, FeedLedger

FEED, SITE = "ahrefs_backlinks", "shop.example"
NOVEMBER = datetime.datetime(2026, 11, 23, 5, tzinfo=datetime.UTC)


def ledger(path: Path, now: datetime.datetime = NOVEMBER) -> FeedLedger:
    return FeedLedger(path / "state" / "feeds.jsonl", now)


def test_a_reserved_call_counts_until_it_is_settled(tmp_path: Path):
    caps = Caps(account=1000)
    call_id = ledger(tmp_path).reserve(FEED, SITE, 800, caps)
    assert ledger(tmp_path).left(FEED, SITE, caps) == 200
    ledger(tmp_path).settle(FEED, SITE, call_id, 50)
    assert ledger(tmp_path).left(FEED, SITE, caps) == 950


def test_a_call_that_would_pass_the_cap_is_not_entered(tmp_path: Path):
    caps = Caps(account=1000)
    with pytest.raises(CapError, match="monthly cap reached: the next call may cost 1,001 units, 1,000 are left"):
        ledger(tmp_path).reserve(FEED, SITE, 1001, caps)
    assert ledger(tmp_path).left(FEED, SITE, caps) == 1000


def test_account_and_site_have_caps_of_their_own(tmp_path: Path):
    ledger(tmp_path).reserve(FEED, SITE, 300, Caps())
    ledger(tmp_path).reserve("semrush_backlinks", SITE, 999, Caps())
    assert ledger(tmp_path).left(FEED, SITE, Caps(account=1000, site=400)) == 100
    assert ledger(tmp_path).left(FEED, "other.example", Caps(account=1000, site=400)) == 400
    assert ledger(tmp_path).left(FEED, "other.example", Caps(account=1000)) == 700
    assert ledger(tmp_path).left(FEED, SITE, Caps()) is None


def test_a_new_month_starts_from_nothing(tmp_path: Path):
    ledger(tmp_path).reserve(FEED, SITE, 1000, Caps(account=1000))
    december = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    assert ledger(tmp_path, december).left(FEED, SITE, Caps(account=1000)) == 1000


def test_two_at_once_never_pass_the_cap(tmp_path: Path):
    refused: list[CapError] = []

    def spend() -> None:
        try:
            ledger(tmp_path).reserve(FEED, SITE, 100, Caps(account=500))
        except CapError as error:
            refused.append(error)

    threads = [threading.Thread(target=spend) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
    assert ledger(tmp_path).left(FEED, SITE, Caps(account=500)) == 0


def test_a_line_that_a_crash_cut_off_did_not_happen(tmp_path: Path):
    ledger(tmp_path).reserve(FEED, SITE, 100, Caps())
    path = tmp_path / "state" / "feeds.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"at": "2026-11-23T05:', encoding="utf-8")
    ledger(tmp_path).reserve(FEED, SITE, 100, Caps())
    assert ledger(tmp_path).left(FEED, SITE, Caps(account=1000)) == 800


def test_a_fetch_is_unfinished_from_its_first_page_to_its_end(tmp_path: Path):
    asked = {"target": SITE}
    assert ledger(tmp_path).unfinished(FEED, SITE, asked) is None
    ledger(tmp_path).note(FEED, SITE, "page", kind="full", since=None, cursor="2026-01-05", **asked)
    unfinished = ledger(tmp_path).unfinished(FEED, SITE, asked)
    assert unfinished is not None
    assert unfinished["cursor"] == "2026-01-05"
    assert ledger(tmp_path).unfinished(FEED, SITE, {"target": "www.shop.example"}) is None
    assert ledger(tmp_path).unfinished(FEED, "other.example", asked) is None
    ledger(tmp_path).note(FEED, SITE, "done", kind="full")
    assert ledger(tmp_path).unfinished(FEED, SITE, asked) is None
    assert ledger(tmp_path).last_done(FEED, SITE, "full") == NOVEMBER.date()
    assert ledger(tmp_path).last_done(FEED, SITE, "new") is None


def test_what_another_process_enters_meanwhile_counts(tmp_path: Path):
    caps = Caps(account=1000)
    first, second = ledger(tmp_path), ledger(tmp_path)
    call_id = first.reserve(FEED, SITE, 300, caps)
    assert second.left(FEED, SITE, caps) == 700
    second.reserve(FEED, SITE, 200, caps)
    first.settle(FEED, SITE, call_id, 100)
    assert (first.left(FEED, SITE, caps), second.left(FEED, SITE, caps)) == (700, 700)


def test_only_one_run_fetches_a_feed(tmp_path: Path):
    first, second = ledger(tmp_path), ledger(tmp_path)
    with first.alone(FEED) as is_first, second.alone(FEED) as is_second, second.alone("search_console") as is_other:
        assert (is_first, is_second, is_other) == (True, False, True)
    with ledger(tmp_path).alone(FEED) as is_alone:
        assert is_alone


def test_a_site_that_is_forgotten_leaves_what_it_spent_and_no_name(tmp_path: Path):
    running = ledger(tmp_path)
    call_id = running.reserve(FEED, SITE, 800, Caps())
    running.settle(FEED, SITE, call_id, 50)
    running.note(FEED, SITE, "done", kind="full")
    running.note(FEED, "other.example", "done", kind="full")
    assert ledger(tmp_path).forget(SITE) == 3
    assert SITE not in (tmp_path / "state" / "feeds.jsonl").read_text(encoding="utf-8")
    for each in (running, ledger(tmp_path)):
        assert each.last_done(FEED, SITE) is None
        assert each.last_done(FEED, "other.example") == NOVEMBER.date()
        assert each.left(FEED, "other.example", Caps(account=1000)) == 950
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["feeds.jsonl"]
    assert FeedLedger(tmp_path / "none.jsonl", NOVEMBER).forget(SITE) == 0
