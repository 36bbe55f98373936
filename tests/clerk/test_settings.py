"""Settings: file, environment over it, secrets from files, nothing unknown."""

from datetime import time
from pathlib import Path

import pytest

from clerk.settings import load
from procedure.errors import WrongUse


def test_the_environment_is_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "clerk.toml"
    file.write_text('[office]\nname = "甲"\nprovinces = ["13"]\n', encoding="utf-8")
    secret = tmp_path / "token"
    secret.write_text("s3cret\n", encoding="utf-8")
    found = load(
        file,
        {
            "CLERK_OFFICE__PROVINCES": "37, 66",
            "CLERK_OFFICE__CLOSING": '{ "65" = "19:30" }',
            "CLERK_TELEGRAM__TOKEN_FILE": str(secret),
            "HOME": "x",
        },
    )
    assert found.office.name == "甲"
    assert found.office.provinces == ("37", "66")
    assert found.office.closing == {"65": time(19, 30)}
    assert found.telegram.token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    "environ",
    [{"CLERK_OFFICE__NAMES": "x"}, {"CLERK_OFICE__NAME": "x"}, {"CLERK_SMTP__MAX_BYTES": "much"}],
)
def test_what_is_unknown_or_wrong_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(WrongUse, match=r"office|ofice|smtp"):
        load(None, environ)
