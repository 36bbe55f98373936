"""Words for people remember their text (`procedure.language.Said`): findings, letters, the tray.

No table changes; the number does, since an older program beside this one cannot read what it
writes. What was written before is read as it is.
"""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """The number alone."""
