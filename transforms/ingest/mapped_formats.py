"""Which mapping files apply to which exports: the nearest folder upwards counts first, then a folder of settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import BadInputError
from transforms.ingest.contents import UNREADABLE, Content, list_contents, open_raw
from transforms.ingest.formats.format import ExportFormat
from transforms.ingest.formats.mapping import ENDING, MAPPING_FILE, describe_mapping, read_mapping
from transforms.ingest.recognition import Recognition

LONGEST_BYTES = 1 << 20
"""A mapping file has tens of lines."""


def is_mapping(content: Content) -> bool:
    """Whether the content is a mapping file: told by its name, the one file that is no export."""
    return content.member is None and content.path.lower().endswith(ENDING)


@dataclass(frozen=True)
class MappedFormats:
    """The formats that mapping files declare."""

    below: tuple[tuple[str, ExportFormat], ...] = ()
    """Folder in the exports (``""`` for the exports folder itself) and format."""

    general: tuple[ExportFormat, ...] = ()
    """Formats from folders above the exports, nearest first, and from the folder of the settings."""

    def of(self, content: Content) -> tuple[ExportFormat, ...]:
        """The formats that apply to a content, the nearest folder's first."""
        near = [
            (folder, declared) for folder, declared in self.below if not folder or content.path.startswith(f"{folder}/")
        ]
        near.sort(key=lambda found: (-len(found[0]), found[1].name))
        return (*(declared for _, declared in near), *self.general)

    @property
    def every(self) -> tuple[ExportFormat, ...]:
        """Every format, wherever its file lies."""
        return (*(declared for _, declared in self.below), *self.general)


def find_mapped_formats(
    exports: str, contents: Iterable[Content], folder: Path | None
) -> tuple[MappedFormats, list[tuple[Content, Recognition]]]:
    """What applies to ``contents`` of ``exports``, and what became of the mapping files among them.

    Args:
        exports: the folder, file or URL that was listed.
        contents: what lies in it.
        folder: a further folder of mapping files (from the settings), which apply to everything.

    Returns:
        The formats, and a pair per mapping file: those in the exports, and those elsewhere that are broken.
    """
    below, general = [], []
    files: list[tuple[Content, Recognition]] = []
    for content in contents:
        if is_mapping(content):
            declared, recognition = _read(content)
            files.append((content, recognition))
            below += [(content.path.rpartition("/")[0], declared)] if declared else []
    for elsewhere in _outside(exports, folder):
        for content in list_contents(str(elsewhere)):
            declared, recognition = _read(content)
            general += [declared] if declared else []
            shown = dataclasses.replace(content, path=str(elsewhere))
            files += [] if declared else [(shown, recognition)]
    return MappedFormats(tuple(below), tuple(general)), files


def _read(content: Content) -> tuple[ExportFormat | None, Recognition]:
    """The format, and what the mapping file itself is recognised as; a broken one has a reason."""
    try:
        if content.problem:
            raise BadInputError(content.path, content.problem, "a text file", "Put it there again.")
        with open_raw(content.address, None) as stream:
            text = stream.read(LONGEST_BYTES + 1)
        if len(text) > LONGEST_BYTES:
            raise BadInputError(content.path, "more than 1 MB", "a mapping file", "Look at what lies there.")
        declared = read_mapping(text.decode("utf-8-sig"), content.path)
    except BadInputError as error:
        return None, Recognition(format=None, feed=MAPPING_FILE.feed, reason=str(error))
    except UNREADABLE as error:
        return None, Recognition(format=None, feed=MAPPING_FILE.feed, reason=f"{content.path}: not read: {error}"[:300])
    return declared, Recognition(format=describe_mapping(declared), feed=declared.feed)


def _outside(exports: str, folder: Path | None) -> list[Path]:
    """Mapping files beside a single file, in the folders above (on this machine), and in the folder of the settings."""
    found: list[Path] = []
    if "://" not in exports:
        start = Path(exports).resolve()
        for above in start.parents:
            found += _mappings_in(above)
    return [*found, *(path for path in (_mappings_in(folder) if folder else []) if path not in found)]


def _mappings_in(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob(f"*{ENDING}") if path.is_file())
    except OSError:
        return []
