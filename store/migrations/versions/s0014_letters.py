"""Letters above a mebibyte are kept deflated (`store.letterbytes`).

No table changes; the number does, since an older program beside this one would send such a
letter's stored bytes as they are. What was written before is read as it is.
"""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """The number alone."""
