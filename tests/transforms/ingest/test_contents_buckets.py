"""The same exports in a folder and in a bucket of a local store that speaks S3."""

from __future__ import annotations

import dataclasses
import datetime
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from tests.transforms.ingest.api_answers import search_console_totals
from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_containers import zipped
from tests.transforms.ingest.made_exports import SAMPLES, SITE, search_console_zip, semrush
from transforms.errors import BadInputError
from transforms.ingest.contents import Content, has_changed, list_contents, open_content
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.inbox import discover

BUCKET = "uitvoer"
FILES = {
    f"{SITE}/links.csv": semrush(),
    f"{SITE}/zoek.zip": search_console_zip("nl"),
    f"{SITE}/antwoord.json": b'{"backlinks": [{"url_from": "https://a.example/", "url_to": "/"}]}',
    f"{SITE}/posities.csv": SAMPLES["se_ranking_positions"][1],
    f"{SITE}/leeg.csv": b"",
    f"{SITE}/spatie en + é (1).csv": semrush(),
    f"{SITE}/.verborgen.csv": semrush(),
    "pak.zip": zipped({"andersite.nl/Queries.csv": SAMPLES["search_console_queries"][1], "../weg.csv": b"x"}),
    "kapot.zip": b"PK\x03\x04 en dan niets",
}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket with ``FILES``; address and credentials come from the environment, as in production."""
    server_module = pytest.importorskip("moto.server", reason="moto[server] is not installed: make setup")
    pytest.importorskip("s3fs", reason="s3fs is not installed: make setup")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    kept = {protocol: dict(settings) for protocol, settings in fsspec.config.conf.items()}
    fsspec.config.set_conf_env(fsspec.config.conf)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    store = fsspec.filesystem("s3")
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()
    store.mkdir(BUCKET)
    for path, content in FILES.items():
        store.pipe_file(f"{BUCKET}/{path}", content)
    yield store
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    fsspec.config.conf.clear()
    fsspec.config.conf.update(kept)
    server.stop()


def _folder(folder: Path) -> str:
    root = folder / BUCKET
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return str(root)


def _alike(content: Content) -> Content:
    return dataclasses.replace(content, address="", version="")


def test_folder_and_bucket_have_the_same_contents_and_outcomes(tmp_path: Path, bucket: Any, inbox: Inbox) -> None:
    folder = _folder(tmp_path)
    here, there = list_contents(folder), list_contents(f"s3://{BUCKET}")
    assert [_alike(content) for content in there] == [_alike(content) for content in here]
    assert all(content.address.startswith(f"s3://{BUCKET}/") for content in there)
    found = discover(f"s3://{BUCKET}")
    expected = discover(folder)
    assert [dataclasses.replace(file, address="", version="") for file in found] == [
        dataclasses.replace(file, address="", version="") for file in expected
    ]
    assert all(file.version for file in (*found, *expected))
    outcomes = [inbox.read_one(file) for file in found]
    again = [inbox.read_one(file) for file in expected]
    assert [(one.path, one.file_id, one.status, one.reason) for one in outcomes] == [
        (one.path, one.file_id, one.status, one.reason) for one in again
    ]
    assert sum(outcome.status == "loaded" for outcome in outcomes) == 11
    assert all(outcome.is_already_known for outcome in again)


def test_one_object_and_a_prefix_are_addresses(bucket: Any) -> None:
    assert [content.path for content in list_contents(f"s3://{BUCKET}/{SITE}/links.csv")] == ["links.csv"]
    assert "links.csv" in {content.path for content in list_contents(f"s3://{BUCKET}/{SITE}/")}
    with pytest.raises(BadInputError, match="nothing there"):
        list_contents(f"s3://{BUCKET}/nergens")


def test_only_the_head_of_a_large_object_is_fetched(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.mkdir("groot")
    bucket.pipe_file("groot/links.csv", semrush() + b"\n" * (9 << 20))
    asked: list[int] = []
    fetch = bucket.cat_file

    def counted(*args: Any, **options: Any) -> bytes:
        content: bytes = fetch(*args, **options)
        asked.append(len(content))
        return content

    monkeypatch.setattr(bucket, "cat_file", counted)
    [content] = list_contents("s3://groot")
    assert content.byte_count > 9 << 20
    assert sum(asked) == 65_536


def test_object_that_is_replaced_has_changed_and_one_that_is_gone_is_an_error(bucket: Any) -> None:
    [content] = list_contents(f"s3://{BUCKET}/{SITE}/links.csv")
    assert not has_changed(content.address, content.version)
    bucket.pipe_file(f"{BUCKET}/{SITE}/links.csv", semrush() + b"\n")
    assert has_changed(content.address, content.version)
    bucket.rm(f"{BUCKET}/{SITE}/links.csv")
    assert has_changed(content.address, content.version)
    with pytest.raises(OSError, match=r"links\.csv"), open_content(content.address, None):
        pass


def test_store_that_refuses_is_bad_input(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **options: Any) -> None:
        raise PermissionError("Forbidden")

    monkeypatch.setattr(bucket, "exists", refuse)
    with pytest.raises(BadInputError, match="cannot be listed: PermissionError: Forbidden"):
        list_contents(f"s3://{BUCKET}")


def test_answers_that_feeds_save_in_a_bucket_are_exports_in_it(bucket: Any, inbox: Inbox) -> None:
    address, on = f"s3://{BUCKET}/gehaald", datetime.date(2026, 10, 23)
    series = f"{SITE}-performance.search_console_api.date.2026-10-20"
    saved = SavedAnswers(address, SITE, "search_console")
    saved.prove_writable()
    first = saved.save_revision(series, [search_console_totals("2026-10-20", clicks=1)], "json", on)
    again = SavedAnswers(address, SITE, "search_console")
    assert again.series() == {series}
    assert again.save_revision(series, [search_console_totals("2026-10-20", clicks=1)], "json", on) == []
    second = again.save_revision(series, [search_console_totals("2026-10-20", clicks=2)], "json", on)
    found = discover(address)
    assert [file.path for file in found] == [f"{SITE}/search_console/{name}" for name in (*first, *second)]
    assert {inbox.read_one(file).exported_on for file in found} == {on}
    with pytest.raises(OSError, match="bucket"):
        SavedAnswers("s3://geen-bucket", SITE, "search_console").prove_writable()
