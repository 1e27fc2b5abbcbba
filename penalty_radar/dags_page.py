"""docs/dags.md: the operator's manual of every DAG, from the docstrings of their files, without importing Airflow."""

from __future__ import annotations

import ast
from pathlib import Path

DAG_PATTERNS = ("ingest_*.py", "assess_*.py", "deliver_*.py", "decide_*.py")
"""The DAG files, as ``.airflowignore`` lists them."""

_INTRODUCTION = """# The DAGs

`make airflow` serves them on this machine: the interface on localhost only, Airflow's two log servers (ports 8793 and
8794, or free ones) on every interface, answering signed requests alone.

On your own Airflow 3.3: make the checkout the DAG bundle (`.airflowignore` keeps everything but the DAG files out),
install `requirements.lock`, make a pool `warehouse` with **one** slot (DuckDB has one writer), and give the
[settings](settings.md) as environment variables or in `penalty_radar.toml`. `python -m dags.metadata` makes Airflow's
tables and the pool.

```
schedule, or files      ┌─► ingest_backlinks ──► backlinks ──┐
arrive (asset exports) ─┤                                    ├─► assess_penalty_risk ──► assessment
                        └─► ingest_rankings ───► rankings ───┤
                                                 cutoff ─────┘
```

`deliver_messages` stands beside them: it sends what is due to people ([alerts](alerts.md)).

The triggerer looks for arriving files where `exports` is a local folder. From a bucket, or to be sure that an upload
has ended, post an event on the asset: `POST /api/v2/assets/events` with the `asset_id` of `exports`.

A night runs from noon to noon in `time_zone`.
"""


def render_dags_page(folder: Path | None = None) -> str:
    """The page as Markdown; ``folder`` is that of the DAG files (default: this checkout's)."""
    dags = folder or Path(__file__).parent.parent / "dags"
    paths = [path for pattern in DAG_PATTERNS for path in sorted(dags.glob(pattern))]
    return _INTRODUCTION + "".join(_render(path) for path in paths)


def _render(path: Path) -> str:
    manual = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return f"\n## {path.stem}\n\n{manual.replace('## ', '### ')}\n"
