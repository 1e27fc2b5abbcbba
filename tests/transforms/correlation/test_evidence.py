"""Everything that can be said has its sentence in every language, with the arguments that are given."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from transforms.correlation.cause_terms import LINK_TERMS, TERMS
from transforms.correlation.circumstances import TELLS_NO_CAUSE
from transforms.correlation.judgement import DECISIVE
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


def test_every_kind_of_circumstance_is_a_feature_of_the_model_and_every_feature_is_seen_somewhere() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted((PROJECT / "transforms" / "correlation").glob("*.py"))
        if path.name != "cause_terms.py"
    )
    features = {term.feature for term in TERMS}
    unseen = {feature for feature in features if f'"{feature}"' not in sources and not _is_composed(feature)}
    assert unseen == set()
    kinds = {
        str(node.args[0].value)
        for path in sorted((PROJECT / "transforms" / "correlation").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Circumstance"
        and isinstance(node.args[0], ast.Constant)
    }
    kinds |= set(TELLS_NO_CAUSE)
    assert len(kinds) > 10
    assert kinds <= features
    assert set(DECISIVE) <= features
    assert {term.cause for term in TERMS} == set(CAUSES)


def _is_composed(feature: str) -> bool:
    """Features named after a lag window, a kind of contrast or a group of origins, and the one that all have."""
    return feature.startswith(("lag.", "pages.", "keywords.")) or feature in {"base", "arranged", "unknown", "spam"}


def test_every_feature_that_moves_links_has_words() -> None:
    words = set(sentences("cause_terms"))
    assert {f"moved.{term.feature}" for term in LINK_TERMS} <= words
