"""A document → readings: page images, engines, seals, forms. Knows no case and no database.

Public: `read_document`, `render_overlay`, `crop`, `file_type`, `engines_available`,
`engine_faults`, `typefaces_available`, `READER_VERSION`. Each is imported when it is first asked
for: the engines take a second and a hundred megabytes, and most processes only want the version.
"""

from typing import TYPE_CHECKING

from ocr.version import READER_VERSION
from procedure.late import late

if TYPE_CHECKING:
    from ocr.engines import engine_faults, engines_available
    from ocr.faces import typefaces_available
    from ocr.files import file_type
    from ocr.overlay import crop, render_overlay
    from ocr.reader import read_document

__all__ = [
    "READER_VERSION",
    "crop",
    "engine_faults",
    "engines_available",
    "file_type",
    "read_document",
    "render_overlay",
    "typefaces_available",
]
__getattr__ = late(
    __name__,
    {
        "crop": "ocr.overlay",
        "engine_faults": "ocr.engines",
        "engines_available": "ocr.engines",
        "file_type": "ocr.files",
        "read_document": "ocr.reader",
        "render_overlay": "ocr.overlay",
        "typefaces_available": "ocr.faces",
    },
)
