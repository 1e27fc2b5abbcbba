"""Everything that can be said has its sentence in every language, with the arguments that are given."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from transforms.correlation import drop_causes
from transforms.correlation.judgement import JudgementParams
from transforms.schemas.vocabulary import CAUSES

PROJECT = Path(__file__).parents[3]
PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")


def said_in(folder: Path, function: str) -> dict[str, set[frozenset[str]]]:
    """Keys and argument names of every call of ``function`` in the sources of a folder."""
    found: dict[str, set[frozenset[str]]] = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                key = node.args[0]
                assert isinstance(key, ast.Constant), f"{path.name}:{node.lineno} says a key that is not a literal"
                names = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
                found.setdefault(str(key.value), set()).add(names)
    return found


def sentences(area: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((PROJECT / "reports" / "messages" / f"{area}.toml").read_text(encoding="utf-8"))


def test_every_key_said_by_correlation_has_both_sentences_and_no_sentence_is_idle() -> None:
    said = said_in(PROJECT / "transforms" / "correlation", "said")
    written = sentences("correlation")
    assert set(said) == set(written)
    for key, variants in said.items():
        assert set(written[key]) == {"en", "nl"}, key
        for text in written[key].values():
            assert variants == {frozenset(PLACEHOLDER.findall(text))}, key


def test_every_kind_of_circumstance_has_a_weight_and_a_cause() -> None:
    judgement, causes = JudgementParams(), drop_causes.Params()
    kinds = {
        kind
        for kind in judgement.circumstance_weights
        if kind not in ("surge_after_drop", "other_drop", "natural_surge")
    }
    assert kinds == set(drop_causes.CAUSE_OF)
    assert set(causes.weights) == kinds - {"manual_action.links"}
    assert judgement.decisive <= set(judgement.circumstance_weights)
    assert set(drop_causes.CAUSE_OF.values()) <= set(CAUSES)
