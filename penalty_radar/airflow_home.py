"""A private Airflow: its folder, its environment, its free ports, and DAG runs in it without a scheduler.

Airflow itself is imported only in ``dags``; here it runs as another process. The server: ``airflow_server``.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penalty_radar.walk import CHECKOUT
from transforms.settings import PREFIX, Settings


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the parts of a standalone Airflow listen; the defaults are Airflow's own."""

    api: int = 8080
    worker_logs: int = 8793
    triggerer_logs: int = 8794


def free_ports(wanted: Ports | None = None) -> Ports:
    """The ports wanted where nothing listens yet, and other free ones in place of the rest."""
    numbers = [wanted.api, wanted.worker_logs, wanted.triggerer_logs] if wanted else [0, 0, 0]
    taken: list[socket.socket] = []
    try:
        for number in numbers:
            taken.append(_listen(number) or _listen(0) or socket.socket())
        api, worker_logs, triggerer_logs = (one.getsockname()[1] for one in taken)
    finally:
        for one in taken:
            one.close()
    return Ports(api=api, worker_logs=worker_logs, triggerer_logs=triggerer_logs)


def build_environment(
    home: Path, ports: Ports, settings: Settings | None = None, *, environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Environment for every Airflow process: private to ``home``, without telemetry, its interface on localhost only.

    The two log servers (``worker_logs``, ``triggerer_logs``) listen on every interface, which Airflow does not let one
    set; they hand out a log only for a token signed with Airflow's own secret key.

    Airflow's own variables in ``environ`` (default: this process's) are left out, so that nothing leaks in from
    another installation. With ``settings`` the DAGs see exactly those, and no channel: a demo writes to nobody. Without
    they see what the checkout and ``environ`` say.
    """
    given = os.environ if environ is None else environ
    foreign = ("AIRFLOW", PREFIX) if settings else ("AIRFLOW",)
    kept = {name: value for name, value in given.items() if not name.startswith(foreign)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    values = settings.model_dump(mode="json") if settings else {}
    address = f"http://localhost:{ports.api}"
    return {
        **kept,
        # what is not set is said as well: nothing of the checkout's penalty_radar.toml fills it in
        **{PREFIX + name.upper(): "" if value is None else str(value) for name, value in values.items()},
        "PATH": path,  # `airflow standalone` starts its parts by name
        "PYTHONPATH": str(CHECKOUT),
        "NO_PROXY": ",".join(filter(None, [kept.get("NO_PROXY"), "localhost", "127.0.0.1"])),  # its parts talk by HTTP
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__PARALLELISM": "2",  # the pool lets one task write at a time
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(ports.api),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(64),
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(ports.worker_logs),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(ports.triggerer_logs),
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "great_expectations=WARNING",  # hundreds of lines on import otherwise
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SCARF_ANALYTICS": "false",
    }


def run_dags(
    dag_ids: Sequence[str],
    home: Path,
    settings: Settings,
    *,
    conf: Mapping[str, Any] | None = None,
    on_task: Callable[[dict[str, Any]], None],
) -> int:
    """Run DAGs one after another in one process without a scheduler; returns the exit code of ``dags.run_once``.

    ``on_task`` gets each ended task: ``dag``, ``task``, ``map_index``, ``state``, ``seconds`` and ``error``.
    """
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "dags.run_once", *dag_ids, "--conf", json.dumps(dict(conf or {}))]
    environment = build_environment(home, Ports(), settings)
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [*command, "--log", str(run_log(home))], cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            on_task(json.loads(line))
    return process.returncode


def run_log(home: Path) -> Path:
    """Where :func:`run_dags` keeps what Airflow and the tasks say."""
    return home / "run_once.log"


def _listen(port: int) -> socket.socket | None:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind(("127.0.0.1", port))
    except OSError:
        one.close()
        return None
    return one
