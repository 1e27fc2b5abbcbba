"""Files below the report's folder, each whole or not at all, and only where its bytes changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Shelf:
    """Writes below ``report`` and remembers what it wrote and what was there already; names are relative to it."""

    report: Path
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def read(self, name: str) -> str | None:
        """The text of a file, or None where there is none."""
        path = self.report / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def put(self, name: str, content: str | bytes) -> None:
        """Write a file, unless it holds these bytes already."""
        path = self.report / name
        data = content.encode("utf-8") if isinstance(content, str) else content
        if path.is_file() and path.read_bytes() == data:
            self.unchanged.append(name)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # A fixed name: what a killed run left behind is written over by the next, not left lying about.
        temporary = path.with_name(f".{path.name}.part")
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self.written.append(name)
