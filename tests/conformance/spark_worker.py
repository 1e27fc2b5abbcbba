"""Runs compiled queries on Spark, in its own environment: ``python spark_worker.py JOB.json``.

JOB.json: ``{"cases": [{"case_id", "query", "values": {name: {"type", "value"}}, "views": {view: parquet file},
"result": folder}], "scratch": folder}``. One session runs all cases; each result is written as Parquet.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession


def run_cases(job: dict[str, Any]) -> None:
    """Run every case of the job and write its rows; the first failing query stops the job and says which."""
    spark = (
        SparkSession.builder.master("local[2]")
        .appName("conformance")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2")
        # A few thousand rows: compiling each plan to Java would take longer than interpreting it.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", job["scratch"])
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for case in job["cases"]:
        for view, path in case["views"].items():
            spark.read.parquet(path).createOrReplaceTempView(view)
        try:
            rows = spark.sql(case["query"], args={name: _value(typed) for name, typed in case["values"].items()})
            rows.coalesce(1).write.mode("overwrite").parquet(case["result"])
        except Exception as error:
            raise SystemExit(f"{case['case_id']}: {error}\n\n{case['query']}") from error
    spark.stop()


def _value(typed: dict[str, Any]) -> object:
    if typed["type"] == "date":
        return datetime.date.fromisoformat(typed["value"])
    return typed["value"]


if __name__ == "__main__":
    run_cases(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
