"""The watcher of the exports folder: fires for what arrives, once it has stopped growing, and for nothing else."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("airflow_home")

NO_FILES = ""


def watch(monkeypatch: pytest.MonkeyPatch, *looks: str) -> list[int]:
    """Numbers of files announced when the folder looks like this, one look after the other: ``a:1 b:20`` are two files
    of 1 and 20 bytes."""
    import dags.arrivals

    listings: Iterator[frozenset[tuple[str, int, int]]] = iter(
        [frozenset((name, int(size), 0) for name, size in (file.split(":") for file in look.split())) for look in looks]
    )

    def next_look(folder: str) -> frozenset[tuple[str, int, int]]:
        listing = next(listings, None)
        if listing is None:
            raise EOFError
        return listing

    async def run() -> list[int]:
        announced: list[int] = []
        with pytest.raises(EOFError):
            async for event in dags.arrivals.ExportsTrigger("exports", poke_interval=0).run():
                announced.append(event.payload["files"])
        return announced

    monkeypatch.setattr(dags.arrivals, "list_files", next_look)
    return asyncio.run(run())


def test_files_that_were_there_are_no_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch(monkeypatch, "a:1", "a:1", "a:1") == []


def test_new_files_are_announced_together_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch(monkeypatch, "a:1", "a:1 b:1 c:1", "a:1 b:1 c:1", "a:1 b:1 c:1") == [2]


def test_a_file_is_announced_when_it_has_stopped_growing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch(monkeypatch, NO_FILES, "a:1", "a:2", "a:3") == []
    assert watch(monkeypatch, NO_FILES, "a:1", "a:2", "a:3", "a:3") == [1]


def test_a_changed_file_is_an_arrival_and_a_deleted_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch(monkeypatch, "a:1 b:1", "a:5 b:1", "a:5 b:1") == [1]
    assert watch(monkeypatch, "a:1 b:1", "a:1", "a:1") == []


def test_each_arrival_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch(monkeypatch, NO_FILES, "a:1", "a:1", "a:1 b:1", "a:1 b:1") == [1, 1]


def test_files_are_listed_in_every_folder_below_and_a_folder_may_come_later(tmp_path: Path) -> None:
    from dags.arrivals import list_files

    exports = tmp_path / "exports"
    assert list_files(str(exports)) == frozenset()
    (exports / "shop.example").mkdir(parents=True)
    (exports / "shop.example" / "a.csv").write_text("12345", encoding="utf-8")
    assert {(path, size) for path, size, _ in list_files(str(exports))} == {
        (str(exports / "shop.example" / "a.csv"), 5)
    }


def test_the_triggerer_can_make_it_again_from_its_description(tmp_path: Path) -> None:
    from dags.arrivals import ExportsTrigger

    address, arguments = ExportsTrigger(str(tmp_path), poke_interval=3).serialize()
    module, _, name = address.rpartition(".")
    again = getattr(importlib.import_module(module), name)(**arguments)
    assert (again.folder, again.poke_interval) == (str(tmp_path), 3)
