"""Channels: letters to real servers on this machine, that take them, refuse them, or are not there."""

from __future__ import annotations

import email
import http.server
import json
import logging
import socket
import threading
from collections.abc import Iterator
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from reports.channels import Letter, Picture, channel_of, send_letter

SECRET = "hush-T0k3n"  # noqa: S105 - made up
PNG = b"\x89PNG\r\n\x1a\n picture"


class WebHook:
    """An HTTP server that answers with ``statuses`` in turn (the last one for ever) and keeps what it was sent."""

    def __init__(self) -> None:
        self.statuses = [200]
        self.bodies: list[dict[str, Any]] = []
        self.ids: list[str | None] = []
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status = hook.statuses.pop(0) if len(hook.statuses) > 1 else hook.statuses[0]
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if status == 200:
                    hook.bodies.append(body)
                    hook.ids.append(self.headers["X-Message-Id"])
                self.send_response(status, "because of " + self.path)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Nothing on the console."""

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://someone:{SECRET}@127.0.0.1:{self.server.server_port}/hooks/{SECRET}"


class Postbox:
    """An SMTP server that answers with ``answers`` in turn (the last one for ever) and keeps what it took."""

    def __init__(self, port: int) -> None:
        self.answers = ["250 OK"]
        self.taken: list[tuple[list[str], Mail]] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.url = f"mailto://127.0.0.1:{port}?from=radar@bureau.example&to=somebody.else@bureau.example"

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("250"):
            self.taken.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return answer


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def hook() -> Iterator[WebHook]:
    made = WebHook()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    made = Postbox(free_port())
    made.controller.start()
    yield made
    made.controller.stop()


def letter(**changes: Any) -> Letter:
    usual = {"message_id": "0123abc", "subject": "Client A: 1 new", "text": "a < b\nNext", "html": "<p>a &lt; b</p>"}
    return Letter(**usual | changes)


def test_address_goes_by_mail_and_a_name_is_a_channel() -> None:
    assert channel_of("seo@client.example") == "email"
    assert channel_of("desk") == "desk"


def test_webhook_gets_text_picture_and_id(hook: WebHook) -> None:
    pictures = (Picture(name="a.example.png", png=PNG),)
    assert send_letter(letter(pictures=pictures), "desk", hook.url) is None
    body = hook.bodies[0]
    assert (body["title"], body["message"]) == ("Client A: 1 new", "a < b\nNext")
    assert [(one["filename"], one["mimetype"]) for one in body["attachments"]] == [("a.example.png", "image/png")]
    assert hook.ids == ["0123abc"]


def test_mail_goes_to_the_recipient_alone_as_html_and_text_with_the_id(postbox: Postbox) -> None:
    pictures = (Picture(name="a.example.png", png=PNG),)
    assert send_letter(letter(pictures=pictures), "seo@client.example", postbox.url) is None
    assert send_letter(letter(), "seo@client.example", postbox.url) is None
    (receivers, mail), (_, again) = postbox.taken
    assert receivers == ["seo@client.example"]
    assert mail["Subject"] == "Client A: 1 new"
    assert mail["References"] == again["References"] == "<0123abc@penalty-radar.invalid>"
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk()}
    assert parts["text/html"] == b"<p>a &lt; b</p>"
    assert b"a < b" in bytes(parts["text/plain"])
    assert parts["image/png"] == PNG


def test_long_letter_arrives_whole(hook: WebHook) -> None:
    text = "\n".join(f"line {number}" for number in range(8_000))
    assert send_letter(letter(text=text), "desk", hook.url) is None
    told = "\n".join(body["message"] for body in hook.bodies)
    assert "line 0\n" in told
    assert "line 7999" in told


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_server_that_refuses_and_then_takes(hook: WebHook, status: int) -> None:
    hook.statuses = [status, 200]
    assert send_letter(letter(), "desk", hook.url) == f"HTTP {status}"
    assert send_letter(letter(), "desk", hook.url) is None
    assert hook.ids == ["0123abc"]


def test_mail_server_that_refuses_and_then_takes(postbox: Postbox) -> None:
    postbox.answers = [f"451 not now, {SECRET}", "250 OK"]
    assert send_letter(letter(), "seo@client.example", postbox.url) == "not accepted"
    assert send_letter(letter(), "seo@client.example", postbox.url) is None


@pytest.mark.parametrize(
    ("url", "error"),
    [
        (None, "no credential"),
        (f"nosuch://{SECRET}", "no URL that Apprise knows"),
        (SECRET, "no URL that Apprise knows"),
        ("json://someone:{secret}@127.0.0.1:{port}/{secret}", "no connection"),
        ("mailto://someone:{secret}@127.0.0.1:{port}?from=radar@bureau.example", "no connection"),
        ("slack://{secret}", "no URL that Apprise knows"),
    ],
)
def test_dead_or_wrong_channel_is_told_in_words_of_ours(
    url: str | None, error: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    url = url and url.format(secret=SECRET, port=free_port()) if url and "{" in url else url
    assert send_letter(letter(), "desk", url) == error
    printed = "".join(capfd.readouterr())
    assert SECRET not in caplog.text + printed


def test_nothing_of_the_url_is_logged_when_it_works(
    hook: WebHook, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    hook.statuses = [500, 200]
    for _ in range(2):
        send_letter(letter(), "desk", hook.url)
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
    assert logging.getLogger("apprise").level == logging.DEBUG, "as it was before"
    assert logging.getLogger("apprise").propagate
    logging.getLogger("apprise").setLevel(logging.NOTSET)
