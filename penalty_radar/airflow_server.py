"""``airflow standalone`` as a process of ours: started, asked, and stopped with all its parts.

``python -m penalty_radar.airflow_server`` (``make airflow``) serves the user interface until Ctrl-C.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from penalty_radar import walk
from penalty_radar.airflow_home import Ports, build_environment, free_ports
from reports.messages import say
from transforms.errors import PenaltyRadarError
from transforms.settings import Settings

USER = "admin"
"""The one user that Airflow's simple authentication makes; its password is drawn at the first start."""


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""This machine is not reached through a proxy, whatever the environment says."""


class AirflowError(PenaltyRadarError):
    """Airflow itself did not start or answer (exit code 1); the log it names says why."""


class Standalone:
    """``airflow standalone`` with its database prepared, as a context manager; leaving it stops what it started."""

    def __init__(self, home: Path, ports: Ports, settings: Settings | None = None) -> None:
        self.log = home / "standalone.log"
        self.address = f"http://localhost:{ports.api}"
        self._home = home
        self._environment = build_environment(home, ports, settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Standalone:
        """Prepare the database and start; AirflowError when another one runs in the same folder."""
        self._home.mkdir(parents=True, exist_ok=True)
        self._lock = (self._home / "running.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AirflowError(
                str(self._home), "an Airflow that runs in it", "one at a time", "Use that one, or stop it first."
            ) from error
        with self.log.open("wb") as log:
            subprocess.run(
                [sys.executable, "-m", "dags.metadata"],
                cwd=walk.CHECKOUT,
                env=self._environment,
                stdout=log,
                stderr=log,
                check=True,
            )
            self._process = subprocess.Popen(
                [sys.executable, "-m", "airflow", "standalone"],
                cwd=walk.CHECKOUT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and the whole session can be ended together
                preexec_fn=_heed_interrupts,  # noqa: PLW1509 - no thread runs here yet; a background job ignores SIGINT
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Interrupt it, which ends it cleanly (a termination leaves its parts behind); end what is left by force.

        A task that runs is given a moment; ended in the middle, it leaves the warehouse as it was before it.
        """
        process = self._process
        if process is None:
            return
        try:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            self._signal_session(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
        finally:  # also when somebody is impatient
            self._signal_session(signal.SIGKILL)
            process.wait()
            if self._lock is not None:
                self._lock.close()

    def _signal_session(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def is_running(self) -> bool:
        """Whether the process this started is still there."""
        return self._process is not None and self._process.poll() is None

    def wait_until_healthy(self, timeout_seconds: float = 180) -> None:
        """Wait until every part has answered; AirflowError when it ends or takes longer."""
        until = time.monotonic() + timeout_seconds
        while time.monotonic() < until and self.is_running():
            try:
                health = self._call("GET", "/api/v2/monitor/health")
            except (OSError, AirflowError):  # not listening yet, or not ready to answer
                health = {}
            parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
            if all((health.get(part) or {}).get("status") == "healthy" for part in parts):
                return
            time.sleep(1)
        raise AirflowError(
            "airflow standalone",
            "it did not become healthy" if self.is_running() else "it ended",
            f"every part healthy within {timeout_seconds:.0f} s",
            f"Read {self.log}.",
        )

    def password(self) -> str:
        """The password of :data:`USER`, as Airflow drew it."""
        path = self._home / "simple_auth_manager_passwords.json.generated"
        return str(json.loads(path.read_text(encoding="utf-8"))[USER])

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call Airflow's REST API, for example ``call("GET", "/api/v2/dags")``, as :data:`USER`; returns the JSON."""
        login = {"username": USER, "password": self.password()}
        token = self._call("POST", "/auth/token", login)["access_token"]
        return self._call(method, path, body, {"Authorization": f"Bearer {token}"})

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310 - always http://localhost
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        try:
            with _DIRECT.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:500]
            raise AirflowError(f"{method} {path}", f"{error.code} {said}", "success", f"Read {self.log}.") from error


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def serve() -> int:
    """Serve the interface over this checkout's settings until Ctrl-C; returns the exit code."""
    settings = walk.load()
    home = walk.CHECKOUT / ".airflow"
    if "://" not in settings.exports:
        Path(settings.exports).mkdir(parents=True, exist_ok=True)

    def echo(key: str, **arguments: object) -> None:
        print(say(key, settings.language, **arguments), flush=True)

    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: whatever ends us, Airflow is stopped
        signal.signal(number, signal.default_int_handler)
    echo("airflow.preparing", folder=home)
    server = Standalone(home, free_ports(Ports()))
    with server:
        echo("airflow.starting", log=server.log)
        server.wait_until_healthy()
        echo("airflow.ready", address=server.address, user=USER, password=server.password())
        echo("airflow.exports", exports=settings.exports)
        command = f"AIRFLOW_HOME={home} {Path(sys.executable).parent}/airflow dags trigger ingest_backlinks"
        echo("airflow.trigger", command=command)
        echo("airflow.report", report=settings.report)
        echo("airflow.stop")
        try:
            while server.is_running():
                time.sleep(1)
        except KeyboardInterrupt:
            echo("airflow.stopping")
            return 0
    raise AirflowError("airflow standalone", "it ended by itself", "to run until Ctrl-C", f"Read {server.log}.")


if __name__ == "__main__":
    try:
        sys.exit(serve())
    except PenaltyRadarError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
