"""A document → readings: page images, engines, seals, forms. Knows no case and no database.

Public: `read_document`, `render_overlay`, `crop`, `file_type`, `engines_available`,
`READER_VERSION`.
"""

from ocr.engines import engines_available
from ocr.files import file_type
from ocr.overlay import crop, render_overlay
from ocr.reader import READER_VERSION, read_document

__all__ = [
    "READER_VERSION",
    "crop",
    "engines_available",
    "file_type",
    "read_document",
    "render_overlay",
]
