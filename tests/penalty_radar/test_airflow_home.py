from __future__ import annotations

import socket
from pathlib import Path

from penalty_radar.airflow_home import Ports, build_environment, free_ports
from penalty_radar.walk import CHECKOUT
from transforms.settings import Settings, load_settings


def test_nothing_of_another_airflow_leaks_in(tmp_path: Path) -> None:
    other = {"AIRFLOW_HOME": "/srv/airflow", "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor", "HOME": "/home/me"}
    environment = build_environment(tmp_path, Ports(), environ=other)
    assert environment["AIRFLOW_HOME"] == str(tmp_path)
    assert "AIRFLOW__CORE__EXECUTOR" not in environment
    assert environment["HOME"] == "/home/me"
    assert environment["AIRFLOW__CORE__DAGS_FOLDER"] == str(CHECKOUT)


def test_it_says_nothing_to_the_world_and_shows_its_interface_to_this_machine_only(tmp_path: Path) -> None:
    environment = build_environment(tmp_path, Ports(api=18080), environ={})
    assert environment["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__PORT"] == "18080"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://localhost:18080/execution/"


def test_given_settings_win_over_those_of_the_environment(tmp_path: Path) -> None:
    settings = Settings(exports="/data/exports", warehouse=tmp_path / "w.duckdb", batch_size=7)
    environment = build_environment(tmp_path, Ports(), settings, environ={"PENALTY_RADAR_EXPORTS": "/elsewhere"})
    assert environment["PENALTY_RADAR_EXPORTS"] == "/data/exports"
    assert environment["PENALTY_RADAR_BATCH_SIZE"] == "7"
    assert environment["PENALTY_RADAR_WAREHOUSE"] == str(tmp_path / "w.duckdb")
    unchanged = build_environment(tmp_path, Ports(), environ={"PENALTY_RADAR_EXPORTS": "/elsewhere"})
    assert unchanged["PENALTY_RADAR_EXPORTS"] == "/elsewhere"


def test_nothing_of_a_real_installation_reaches_people_from_given_settings(tmp_path: Path) -> None:
    file = tmp_path / "penalty_radar.toml"
    file.write_text('team_channel = "desk"\nreport_url = "https://radar.bureau.example"\nahrefs_monthly_cap = 9\n')
    real = {"PENALTY_RADAR_TEAM_CHANNEL": "desk", "PENALTY_RADAR_CHANNEL_DESK": "json://hooks.bureau.example"}
    settings = Settings(quiet_hours="")
    environment = build_environment(tmp_path, Ports(), settings, environ=real)
    assert "PENALTY_RADAR_CHANNEL_DESK" not in environment
    seen = load_settings(environment, tmp_path)
    assert (seen.team_channel, seen.report_url, seen.ahrefs_monthly_cap) == (None, None, None)
    assert seen.quiet_hours == ""
    unchanged = build_environment(tmp_path, Ports(), environ=real)
    assert unchanged["PENALTY_RADAR_CHANNEL_DESK"] == "json://hooks.bureau.example"


def test_a_port_that_is_taken_is_replaced_and_the_others_kept() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        free = free_ports()
        ports = free_ports(Ports(api=number, worker_logs=free.worker_logs, triggerer_logs=free.triggerer_logs))
    assert ports.api != number
    assert (ports.worker_logs, ports.triggerer_logs) == (free.worker_logs, free.triggerer_logs)
    assert len({ports.api, ports.worker_logs, ports.triggerer_logs}) == 3
