from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from penalty_radar.dags_page import render_dags_page
from penalty_radar.walk import CHECKOUT


def test_every_dag_has_its_manual_on_the_page() -> None:
    page = render_dags_page()
    dag_ids = ("ingest_backlinks", "ingest_rankings", "assess_penalty_risk", "deliver_messages", "decide_alerts")
    for dag_id in dag_ids:
        assert f"\n## {dag_id}\n" in page
        assert f"airflow dags trigger {dag_id}" in page
    assert page.count("### When it fails") == len(dag_ids)


def test_manual_comes_from_the_docstring_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "ingest_things.py").write_text(
        '"""Reads things.\n\n## What it does\nReads.\n"""\nimport nothing_at_all\n'
    )
    assert render_dags_page(tmp_path).endswith("\n## ingest_things\n\nReads things.\n\n### What it does\nReads.\n")


def test_the_page_is_made_without_airflow() -> None:
    code = (
        "import sys; from penalty_radar.dags_page import render_dags_page as r; r(); sys.exit('airflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0
