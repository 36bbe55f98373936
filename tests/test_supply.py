"""What is shipped beside our own code: under which licences, and listed whole."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from tests.programs import absent

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)([^\\]*)\\$", re.MULTILINE)
COPYLEFT = re.compile(r"AGPL|Affero|(?<!L)(?<!Lesser )GPL|(?<!Lesser )General Public License")
UNTOLD = {"imapclient": "BSD-3-Clause, as its COPYING says"}
"""Packages whose metadata names no licence."""


def locked(name: str) -> Iterator[tuple[str, str, str]]:
    """Name, version and condition of each locked requirement."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    for project, version, condition in PIN.findall(text):
        yield re.sub(r"[-_.]+", "-", project).lower(), version, condition


def licence(project: str) -> str:
    """Everything that the metadata says of it; the whole text counts by its first lines."""
    found = metadata.metadata(project)
    told = [*found.get_all("License-Expression", [])]
    told += [one[:200] for one in found.get_all("License", [])]
    told += [one for one in found.get_all("Classifier", []) if one.startswith("License ::")]
    return "; ".join(one for one in told if one.strip())


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_no_requirement_is_gpl(lock: str) -> None:
    wrong, untold, missing, seen = [], [], [], 0
    for project, _, condition in locked(lock):
        try:
            told = licence(project)
        except metadata.PackageNotFoundError:
            # Only what a condition leaves out of this machine may be missing.
            if not condition.strip():
                missing.append(project)
            continue
        seen += 1
        if not told and project not in UNTOLD:
            untold.append(project)
        if any(COPYLEFT.search(part) for part in told.split("; ")):
            wrong.append((project, told))
    assert wrong == []
    assert untold == []
    assert seen > 60
    if missing:
        absent(f"locked and not installed: {', '.join(missing)} (make test installs them)")


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ("GPL-3.0-only", True),
        ("AGPL-3.0-or-later", True),
        ("GNU General Public License v3", True),
        ("LGPL-3.0-only", False),
        (
            "License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)",
            False,
        ),
        ("Apache-2.0", False),
    ],
)
def test_lesser_is_told_from_the_rest(told: str, refused: bool) -> None:
    assert bool(COPYLEFT.search(told)) is refused


def made(target: str, *, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What the Makefile's recipe does, with this environment's programs."""
    command = ["make", "-s", "-o", ".venv/dev.stamp", target, f"BIN={BIN}"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip


def test_the_bill_of_materials_lists_the_lock(tmp_path: Path) -> None:
    done = made("sbom", more={"OUT": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    bill = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "ccer-clerk"
    listed = {(one["name"].lower(), one["version"]) for one in bill["components"]}
    assert listed == {(project, version) for project, version, _ in locked("runtime")}
    assert all(one["externalReferences"][0]["hashes"] and one["purl"] for one in bill["components"])


def test_an_audit_that_nobody_answers_fails_and_says_so() -> None:
    nowhere = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:1")
    done = made("audit", more=nowhere)
    assert done.returncode != 0
    assert "could not be asked" in done.stderr
    assert "requirements/runtime.txt" in done.stderr
