"""Who wrote a mail, as far as anybody vouches for it. Evidence, never a reason to lose a mail."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Authentication:
    """SPF, DKIM and DMARC as RFC 8601 names their results; "" where nothing is said of one."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    spf_domain: str = ""
    dkim_domain: str = ""
    source: Literal["header", "checked", "login"] = "header"
    """A trusted server's Authentication-Results, checked by ourselves, or a login at our own door
    under the author's address."""
    aligned: bool = False
    """The domain of the good DKIM signature is the author's own (RFC 7489 section 3.1)."""

    @property
    def authentic(self) -> bool:
        """The author's domain stands for the mail, or the author logged in."""
        if self.source == "login":
            return True
        return self.dmarc == "pass" or (self.dmarc != "fail" and self.aligned)

    @property
    def disowned(self) -> bool:
        """The author's domain asks everybody not to believe this mail."""
        return not self.authentic and self.dmarc == "fail"

    @property
    def doubtful(self) -> bool:
        """A check failed, and none speaks for the mail; forwarding does that to honest mail too."""
        failed = self.spf in ("fail", "softfail") or self.dkim == "fail"
        return not self.authentic and self.dmarc != "fail" and self.spf != "pass" and failed

    def __str__(self) -> str:
        results = (("SPF", self.spf), ("DKIM", self.dkim), ("DMARC", self.dmarc))
        return "，".join(f"{name} {result}" for name, result in results if result)
