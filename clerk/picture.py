"""A picture of an HTML page, where Chromium is installed."""

import logging
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

log = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 900, 12_000
"""Pixels; the page is cut off below its last line."""
MARGIN = 24
SECONDS = 90


def browser() -> str | None:
    """Where Chromium is, None where it is not installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def of_page(page: Path, target: Path, width: int = WIDTH) -> bool:
    """Write ``page`` as PNG; whether that was done. The page is opened without a network."""
    program = browser()
    if program is None:
        return False
    with tempfile.TemporaryDirectory(prefix="picture-") as profile:
        shot = Path(profile) / "shot.png"
        command = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-dev-shm-usage", "--disable-javascript", "--proxy-server=127.0.0.1:9",
            f"--user-data-dir={profile}", f"--window-size={width},{HEIGHT}",
            f"--screenshot={shot}", page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
            _cut(shot).save(target)
        except (OSError, subprocess.SubprocessError) as error:
            # The letter's other files are there all the same.
            log.warning("no picture of %s: %s", page.name, type(error).__name__)
            return False
    return True


def _cut(shot: Path) -> Image.Image:
    """Without the empty space below."""
    with Image.open(shot) as opened:
        image = opened.convert("RGB")
    ground = Image.new("RGB", image.size, image.getpixel((0, image.height - 1)))
    used = ImageChops.difference(image, ground).getbbox()
    return image.crop((0, 0, image.width, min(image.height, used[3] + MARGIN))) if used else image
