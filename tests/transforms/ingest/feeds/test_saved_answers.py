from __future__ import annotations

import datetime
from pathlib import Path

import fsspec
import pytest

from transforms.ingest.days import days_in_names
from transforms.ingest.feeds.saved_answers import SavedAnswers

ON = datetime.date(2026, 11, 23)
SERIES = "search_console_api.date-page-query.2026-11-20"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def answers(inbox: Path | str) -> SavedAnswers:
    return SavedAnswers(str(inbox), "shop.example", "search_console")


def test_pages_lie_below_site_and_feed_with_their_bytes(tmp_path: Path):
    written = answers(tmp_path).save_revision(SERIES, [b"one", b"\xff\x00two"], "json", ON)
    folder = tmp_path / "shop.example" / "search_console"
    assert written == [f"{SERIES}.fetched-2026-11-23.page-1.json", f"{SERIES}.fetched-2026-11-23.page-2.json"]
    assert [(folder / name).read_bytes() for name in written] == [b"one", b"\xff\x00two"]
    assert names(tmp_path) == written, "nothing else is left behind"


def test_the_same_bytes_again_write_nothing(tmp_path: Path):
    answers(tmp_path).save_revision(SERIES, [b"one", b"two"], "json", ON)
    assert answers(tmp_path).save_revision(SERIES, [b"one", b"two"], "json", ON) == []


def test_every_answer_stands_beside_the_others_and_is_dated_by_the_day_of_fetching(tmp_path: Path):
    first = answers(tmp_path).save_revision(SERIES, [b"one"], "json", ON)
    later = answers(tmp_path).save_revision(SERIES, [b"two"], "json", ON + datetime.timedelta(days=1))
    assert [days_in_names((name,))[0] for name in (*first, *later)] == [ON, ON + datetime.timedelta(days=1)]
    folder = tmp_path / "shop.example/search_console"
    assert [(folder / name).read_bytes() for name in (*first, *later)] == [b"one", b"two"]


def test_only_the_newest_answer_is_compared_and_none_is_overwritten(tmp_path: Path):
    for number, page in enumerate([b"one", b"two", b"three", b"one"]):
        assert answers(tmp_path).save_revision(SERIES, [page], "json", ON), number
    assert names(tmp_path) == [f"{SERIES}.fetched-2026-11-23{number}.page-1.json" for number in ("", "_2", "_3", "_4")]
    assert answers(tmp_path).save_revision(SERIES, [b"one"], "json", ON) == []


def test_an_answer_without_its_first_page_is_not_whole(tmp_path: Path):
    folder = tmp_path / "shop.example" / "search_console"
    folder.mkdir(parents=True)
    (folder / f"{SERIES}.fetched-2026-11-23.page-2.json").write_bytes(b"left by a crash")
    assert answers(tmp_path).series() == frozenset()
    saved = answers(tmp_path).save_revision(SERIES, [b"one", b"two"], "json", ON)
    assert answers(tmp_path).series() == {SERIES}
    assert [(folder / name).read_bytes() for name in saved] == [b"one", b"two"]
    assert answers(tmp_path).save_revision(SERIES, [b"one", b"two"], "json", ON) == []


def test_a_disk_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(path: Path, content: bytes) -> None:
        with path.open("wb") as stream:
            stream.write(content[:2])
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="disk full"):
        answers(tmp_path).save_revision(SERIES, [b"whole"], "json", ON)
    assert all(name.startswith(".") for name in names(tmp_path)), "ingest lists no hidden file"
    assert answers(tmp_path).series() == frozenset()


def test_pages_of_an_unfinished_answer_go_on_counting(tmp_path: Path):
    saved = [answers(tmp_path).save_page("ahrefs_api.2026-11-23.full", page, "json") for page in (b"1", b"2")]
    assert saved == [f"ahrefs_api.2026-11-23.full.page-{number}.json" for number in (1, 2)]


def test_an_object_store_gets_whole_objects():
    inbox = "memory://feeds-test/exports"
    written = answers(inbox).save_revision(SERIES, [b"one"], "json", ON)
    files = fsspec.filesystem("memory")
    assert files.cat(f"/feeds-test/exports/shop.example/search_console/{written[0]}") == b"one"
    assert answers(inbox).save_revision(SERIES, [b"one"], "json", ON) == []
    assert answers(inbox).save_revision(SERIES, [b"two"], "json", ON) == [f"{SERIES}.fetched-2026-11-23_2.page-1.json"]
    answers(inbox).prove_writable()
    assert len(files.ls("/feeds-test/exports/shop.example/search_console")) == 2
    files.rm("/feeds-test", recursive=True)


def test_whatever_a_store_raises_is_an_error_of_the_system(monkeypatch: pytest.MonkeyPatch):
    class StoreError(Exception):
        """As some libraries of buckets raise them."""

    def fail(*_: object, **__: object) -> None:
        raise StoreError("no credentials")

    saved = answers("memory://feeds-test/exports")
    for name in ("exists", "pipe_file", "cat_file"):
        monkeypatch.setattr(type(fsspec.filesystem("memory")), name, fail)
    with pytest.raises(OSError, match="StoreError: no credentials"):
        saved.prove_writable()
    with pytest.raises(OSError, match="StoreError: no credentials"):
        answers("memory://feeds-test/exports")
