"""Coverage-guided fuzzing of the readers: ``python -m tests.fuzz.fuzz_readers TARGET [libFuzzer options]``.

``make fuzz TARGET=whole SECONDS=600`` runs one target. Inputs that found something new are kept in
``build/fuzz/<target>/``; an input that breaks a target is written to ``build/fuzz/<target>-crash-...``. Mend what it
found, then copy the input to ``tests/transforms/ingest/fuzz_findings/<target>-<what it is>``, where a test replays it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["transforms.ingest", "zipfile", "gzip", "json", "defusedxml"]):
    from tests.fuzz.fuzz_targets import TARGETS, seeds

FOLDER = Path(__file__).parents[2] / "build" / "fuzz"
LONGEST_INPUT = 32_768
LONGEST_SECONDS = 30
"""An input that takes longer is a finding."""


def main(arguments: list[str]) -> None:
    """Write the seeds and fuzz the target named first."""
    if len(arguments) < 2 or arguments[1] not in TARGETS:
        sys.exit(f"usage: python -m tests.fuzz.fuzz_readers {'|'.join(TARGETS)} [libFuzzer options]")
    target = arguments[1]
    corpus = FOLDER / target
    corpus.mkdir(parents=True, exist_ok=True)
    for name, content in seeds().items():
        (corpus / f"seed_{name}").write_bytes(content)
    options = [
        f"-artifact_prefix={FOLDER}/{target}-",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={LONGEST_SECONDS}",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
    ]
    atheris.Setup([arguments[0], *options, *arguments[2:], str(corpus)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
