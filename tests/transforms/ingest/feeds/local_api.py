"""Local servers that answer as the documented APIs do: paging, filters, prices, errors, and broken connections."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.transforms.ingest import api_answers


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer; ``is_cut`` breaks the connection in the middle of the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False


class LocalApi:
    """A server on a free port of this machine. ``troubles`` are answered first, one to each request."""

    def __init__(self, service: Callable[[Asked], Reply]) -> None:
        self.service = service
        self.asked: list[Asked] = []
        self.sent: list[bytes] = []
        self.troubles: list[Reply] = []
        self.address = ""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        reply = self.troubles.pop(0) if self.troubles else self.service(asked)
        if reply.status == 200 and not reply.is_cut:
            self.sent.append(reply.body)
        return reply

    def __enter__(self) -> LocalApi:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                split = urlsplit(self.path)
                length = int(self.headers.get("content-length") or 0)
                parameters = {name: values[0] for name, values in parse_qs(split.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, split.path, parameters, headers, self.rfile.read(length))
                reply = api.answer(asked)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body[: len(reply.body) // 2] if reply.is_cut else reply.body)
                self.close_connection = True

            do_POST = do_GET  # noqa: N815 - the names the library looks for

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def google_error(status: int, reason: str, message: str = "no", **headers: str) -> Reply:
    """An error as Google's APIs write it."""
    error = {"code": status, "message": message, "errors": [{"message": message, "reason": reason}]}
    return Reply(json.dumps({"error": error}).encode(), status, headers)


class SearchConsole:
    """Search performance by property and day; ``rows`` are those by date, page and query."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.forbidden: set[str] = set()

    def fill(self, day: str, count: int, clicks: int = 1) -> None:
        """``count`` rows on that day."""
        page = f"https://www.{api_answers.SITE}/"
        self.rows[day] = [
            {"keys": [day, page, f"query {number}"], "clicks": clicks, "impressions": 10} for number in range(count)
        ]

    def __call__(self, asked: Asked) -> Reply:
        site_property = unquote(asked.path.split("/sites/")[1].split("/")[0])
        if asked.headers.get("authorization") != "Bearer test-token":
            return google_error(401, "authError", "Invalid Credentials")
        if site_property in self.forbidden:
            return google_error(403, "forbidden", f"User does not have sufficient permission for '{site_property}'.")
        question = asked.content
        rows = self.rows.get(question["startDate"], [])
        if question["dimensions"] == ["date"]:
            clicks = sum(row["clicks"] for row in rows)
            whole = api_answers.search_console_totals(question["startDate"], clicks, 10 * len(rows) + 5)
            return Reply(whole if rows else api_answers.search_console_empty())
        start = question.get("startRow", 0)
        page = rows[start : start + question["rowLimit"]]
        return Reply(api_answers.search_console_rows(page) if page else api_answers.search_console_empty())


class Ahrefs:
    """Links, cut by ``where``, ``order_by`` and ``limit``; a unit a field and row, at least 50."""

    def __init__(self, links: list[dict[str, Any]]) -> None:
        self.links = links
        self.limit: int | None = 100_000
        self.used = 0

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != "Bearer test-key":
            return Reply(b'{"error":"Invalid API key"}', 401)
        if asked.path == "/v3/subscription-info/limits-and-usage":
            usage = {
                "units_limit_workspace": self.limit,
                "units_usage_workspace": self.used,
                "units_limit_api_key": None,
            }
            return Reply(json.dumps({"limits_and_usage": {**usage, "units_usage_api_key": self.used}}).encode())
        links = sorted(self.links, key=lambda link: str(link["first_seen_link"]))
        if where := asked.parameters.get("where"):
            links = [link for link in links if link["first_seen_link"] >= json.loads(where)["is"][1]]
        page = links[: int(asked.parameters["limit"])]
        units = max(50, len(page) * len(asked.parameters["select"].split(",")))
        self.used += units
        headers = {"x-api-units-cost-total-actual": str(units), "x-api-rows": str(len(page))}
        return Reply(api_answers.ahrefs_backlinks(page), headers=headers)


class Semrush:
    """Links as lines; ``display_limit`` counts from the first row, with ``display_offset`` too."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.balance = 1_000_000

    def __call__(self, asked: Asked) -> Reply:
        if asked.parameters.get("key") != "test-key":
            return Reply(b"ERROR 120 :: WRONG KEY - ID PAIR")
        if asked.path == "/users/countapiunits.html":
            return Reply(f"{self.balance:,}".encode())
        offset, limit = (int(asked.parameters[f"display_{name}"]) for name in ("offset", "limit"))
        page = self.lines[offset:limit][: self.balance // 40]
        self.balance -= 40 * len(page)
        return Reply(api_answers.semrush_backlinks(page) if page else api_answers.SEMRUSH_NOTHING)
