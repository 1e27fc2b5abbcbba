"""A browser window on the report that remembers what a page said and asked for, and a server for its files."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WIDE, NARROW = 1400, 390


class Reader:
    """One browser window; remembers what a page said on the console and what it asked for."""

    def __init__(self, browser: Any, *, width: int = WIDE, scheme: str = "light") -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, is_mobile=width == NARROW,
            has_touch=width == NARROW, reduced_motion="reduce",
        )  # fmt: skip
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, address: Path | str, *, has_chart: bool) -> Any:
        self.page.goto(address.as_uri() if isinstance(address, Path) else address)
        if has_chart:
            self.page.wait_for_selector("[data-drawn]", timeout=30_000)
        return self.page

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address at which the files of ``folder`` are served, on this machine only."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing: pytest shows what matters."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
