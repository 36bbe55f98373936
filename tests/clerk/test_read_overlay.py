"""`clerk read --overlay`."""

from pathlib import Path

from click.testing import CliRunner
from PIL import Image

from clerk.cli import cli

SAMPLES = Path(__file__).parents[1] / "ocr" / "samples"


def test_each_page_that_was_read_is_drawn(tmp_path: Path) -> None:
    files = [str(SAMPLES / "c0000-form.pdf"), str(SAMPLES / "c0000-screenshot.png")]
    out = tmp_path / "seen.png"
    result = CliRunner().invoke(cli, ["read", *files, "--overlay", str(out)])
    assert result.exit_code == 0, result.output
    for name in ("seen.png", "seen-2.png"):
        with Image.open(tmp_path / name) as page:
            assert page.width > 800
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_without_pages_is_said(tmp_path: Path) -> None:
    out = tmp_path / "seen.png"
    file = str(SAMPLES / "c0001-form.docx")
    result = CliRunner().invoke(cli, ["read", file, "--overlay", str(out)])
    assert result.exit_code == 1
    assert "no page image" in result.stderr
    assert not out.exists()
