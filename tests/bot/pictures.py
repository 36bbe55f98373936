"""Pictures of the day's conversations for docs/chat.md: ``python -m tests.bot.pictures FOLDER``.

Plays `tests.test_day_in_chat` and shows what was really said, as a phone does; needs Chromium.
"""

import html
import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageChops

from tests import test_day_in_chat as played
from tests.bot.day import WANG, ZHOU, Day, Line, day

WIDTH, HEIGHT = 460, 3200
PAGE = """<!doctype html><meta charset="utf-8"><style>
@font-face {{ font-family: Noto; src: url("{font}"); }}
body {{ margin: 0; padding: 14px; background: #dfe7ee; width: 432px;
        font: 15px/1.45 Noto, sans-serif; }}
div {{ border-radius: 12px; padding: 8px 12px; margin: 6px 0; white-space: pre-wrap;
       overflow-wrap: anywhere; }}
.ours {{ background: #fff; margin-right: 40px; }}
.theirs {{ background: #d3f3c0; margin-left: 90px; }}
.row {{ background: #8fb3cc; color: #fff; text-align: center; margin: 3px 40px 3px 0;
        padding: 5px; }}
</style>{body}"""


def take(lines: list[Line], target: Path) -> None:
    """Draw the lines as a conversation, cut to its length."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is not on this machine: apt-get install chromium")
    font = next(Path(str(files("cvttf_NotoSansCJK_Regular"))).glob("*.otf")).as_uri()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "talk.html"
        page.write_text(PAGE.format(font=font, body="".join(map(_line, lines))), "utf-8")
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--allow-file-access-from-files", f"--user-data-dir={folder}/profile",
             f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={target}", page.as_uri()],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    _cut(target)


def _line(line: Line) -> str:
    if not line.ours:
        return f'<div class="theirs">{html.escape(line.text)}</div>'
    shown = [f'<div class="ours">{html.escape(line.text)}</div>']
    shown += [f'<div class="row">{html.escape(label)}</div>' for label in line.labels]
    return "".join(shown)


def _cut(target: Path) -> None:
    with Image.open(target) as picture:
        shown = picture.convert("RGB")
    ground = Image.new("RGB", shown.size, shown.getpixel((shown.width - 1, shown.height - 1)))
    box = ImageChops.difference(shown, ground).getbbox()
    assert box is not None, "nothing was drawn"
    shown.crop((0, 0, WIDTH, min(HEIGHT, box[3] + 14))).quantize(64).save(target, optimize=True)


def between(talk: list[Line], first: str, count: int) -> list[Line]:
    """So many lines from the first thing that the person said with these words in it."""
    start = next(n for n, line in enumerate(talk) if not line.ours and first in line.text)
    return talk[start : start + count]


def main() -> None:
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, day(Path(folder)) as today:
        play(today)
        wang, zhou = today[WANG].talk, today[ZHOU].talk
    target.mkdir(parents=True, exist_ok=True)
    take(between(wang, "待办", 2), target / "chat-todo.png")
    take(between(wang, "/return", 6), target / "chat-return.png")
    take(between(wang, "/correct", 8), target / "chat-correct.png")
    take(between(zhou, "/confirm", 4), target / "chat-english.png")


def play(today: Day) -> None:
    """As the test does."""
    today.morning()
    played._look_round(today)
    played._notices(today)
    played._work_through(today)


if __name__ == "__main__":
    main()
