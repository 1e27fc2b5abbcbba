"""The export formats that are read; each is data in a module of its own."""

from __future__ import annotations

from transforms.ingest.formats.format import ExportFormat
from transforms.ingest.formats.registry import all_formats, format_named, formats_named
from transforms.ingest.formats.sources_page import describe_formats, render_sources_page

__all__ = ["ExportFormat", "all_formats", "describe_formats", "format_named", "formats_named", "render_sources_page"]
