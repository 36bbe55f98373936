"""Letters as a mail client shows them: in headless Chromium, as wide as a phone or a desk.

``python -m tests.letters.pages docs/pictures`` draws the pictures of the docs.
"""

import base64
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from clerk.picture import browser
from letters import dress
from procedure.dressed import Dressed
from procedure.facts import (
    Facts,
)
from tests.letters import made

PHONE, DESK = 390, 1100
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
    "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9", "--virtual-time-budget=2000",
)  # fmt: skip
# A window is never narrower than 500 pixels, a frame is as wide as it is told to be.
_PAGE = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">{frames}<script>
onload = () => document.querySelectorAll("iframe").forEach(frame => {{
  const page = frame.contentDocument.documentElement;
  frame.style.height = page.scrollHeight + "px";
  frame.dataset.wide = page.scrollWidth;
  frame.dataset.high = page.scrollHeight;
  frame.dataset.cut = [...frame.contentDocument.querySelectorAll("td,th,p,li,div,img")]
    .filter(one => one.getBoundingClientRect().right > frame.clientWidth + 0.5).length;
  frame.dataset.drawn = [...frame.contentDocument.images].filter(one => one.naturalWidth).length;
}});
</script>"""


def letters() -> dict[str, Facts]:
    """The letters that the docs show, full of long names and large numbers."""
    return {
        **made.everything(),
        "receipt": made.full_receipt(),
        "weekly": made.full_weekly(),
        "daily": made.full_daily(),
        "national": made.full_national(),
    }


def draw_sheet(book: bytes, target: Path) -> None:
    """The workbook's first printed page as LibreOffice prints it, as a PNG of 1,100 pixels."""
    program = shutil.which("soffice")
    assert program
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        file = Path(folder) / "book.xlsx"
        file.write_bytes(book)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [program, "--headless", profile, "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=300)
        with pypdfium2.PdfDocument(file.with_suffix(".pdf")) as pdf:
            page = pdf[0].render(scale=DESK / pdf[0].get_width()).to_pil()
    _without_margin(page.convert("RGB")).quantize(48).save(target, optimize=True)


def _without_margin(page: Image.Image) -> Image.Image:
    """Down to the last row; the foot of the paper says only its number."""
    table = page.crop((0, 0, page.width, page.height * 9 // 10))
    box = ImageOps.invert(table.convert("L")).getbbox()
    return page.crop((0, 0, page.width, (box[3] if box else page.height) + 20))


def measured(pages: dict[str, Dressed], width: int) -> dict[str, dict[str, int]]:
    """Of each page: ``wide`` and ``high`` in pixels, ``cut`` (boxes beyond the edge), ``drawn``."""
    frames = "".join(_frame(one, width, name) for name, one in pages.items())
    shown = _chromium(_PAGE.format(frames=frames), "--dump-dom", "--window-size=1400,2000")
    return {name: _numbers(shown, name) for name in pages}


def draw(page: Dressed, width: int, target: Path) -> None:
    """The page as a PNG of ``width`` pixels."""
    text = _PAGE.format(frames=_frame(page, width, "one"))
    shown = _chromium(text, "--dump-dom", "--window-size=1400,2000")
    high = _numbers(shown, "one")["high"]
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        size = f"--window-size={max(width, 500)},{high}"
        _chromium(text, size, f"--screenshot={shot}")
        _small(shot, width, target)


def _small(shot: Path, width: int, target: Path) -> None:
    with Image.open(shot) as image:
        cut = image.convert("RGB").crop((0, 0, width, image.height))
        cut.quantize(48).save(target, optimize=True)


def _frame(page: Dressed, width: int, name: str) -> str:
    text = page.html
    for file in (one for one in page.attachments if one.inline_id):
        data = base64.b64encode(file.content()).decode()
        text = text.replace(f"cid:{file.inline_id}", f"data:{file.type};base64,{data}")
    style = f"width:{width}px;border:0;display:block"
    return f'<iframe id="{name}" style="{style}" srcdoc="{html.escape(text)}"></iframe>'


def _numbers(shown: str, name: str) -> dict[str, int]:
    found = re.search(rf'<iframe id="{name}"[^>]*?srcdoc="[^"]*"([^>]*)>', shown)
    assert found, f"{name} was not opened"
    return {key: int(value) for key, value in re.findall(r'data-(\w+)="(\d+)"', found.group(1))}


def _chromium(text: str, *options: str) -> str:
    program = browser()
    assert program
    with tempfile.TemporaryDirectory(prefix="chromium-") as folder:
        file = Path(folder) / "page.html"
        file.write_text(text, encoding="utf-8")
        command = [program, *_OPTIONS, f"--user-data-dir={folder}/profile", *options, file.as_uri()]
        done = subprocess.run(command, check=True, capture_output=True, timeout=180)
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for kind, facts in letters().items():
        page = dress(kind, facts)
        for name, width in (("phone", PHONE), ("desk", DESK)):
            draw(page, width, folder / f"{kind}-{name}.png")
        for file in (one for one in page.attachments if one.name.endswith(".xlsx")):
            draw_sheet(file.content(), folder / f"{kind}-sheet.png")
