"""What the settings of the usual providers are: a name instead of eight settings."""

from dataclasses import dataclass
from typing import Literal

from mailer.watcher.tokens import GOOGLE, GOOGLE_SCOPE, MICROSOFT, MICROSOFT_SCOPE
from procedure.errors import WrongUse
from procedure.language import _


@dataclass(frozen=True)
class Profile:
    """Defaults for one provider; every one of them may be set otherwise."""

    host: str = ""
    """"" for a server of one's own."""
    port: int = 993
    ssl: Literal["ssl", "starttls", "none"] = "ssl"
    done: str = "move:CCER-done"
    id_command: bool = True
    token_endpoint: str = ""
    token_scope: str = ""
    hint: str = ""
    """What a person has to do at the provider, in Chinese."""


_NETEASE = _("在“设置-POP3/SMTP/IMAP”中开启IMAP服务，密码填写授权密码。").said()
PROFILES = {
    # IDLE is offered; logins with the authorisation code, not the password.
    "qq": Profile(
        "imap.qq.com", hint=_("在QQ邮箱“设置-账号”中开启IMAP服务，密码填写授权码。").said()
    ),
    "exmail": Profile(
        "imap.exmail.qq.com", hint=_("开启IMAP服务，密码填写客户端专用密码。").said()
    ),
    # No IDLE, no SELECT without ID ("Unsafe Login").
    "163": Profile("imap.163.com", hint=_NETEASE),
    "126": Profile("imap.126.com", hint=_NETEASE),
    "exchange": Profile(
        "outlook.office365.com", token_endpoint=MICROSOFT, token_scope=MICROSOFT_SCOPE,
        hint=_("在Microsoft Entra中登记应用，授予IMAP.AccessAsUser.All，取得刷新令牌。").said(),
    ),
    # A label is a folder there: MOVE takes the mail out of the inbox.
    "gmail": Profile(
        "imap.gmail.com", token_endpoint=GOOGLE, token_scope=GOOGLE_SCOPE,
        hint=_("在Google Cloud中登记应用取得刷新令牌，或使用应用专用密码。").said(),
    ),
    "dovecot": Profile(hint=_("填写服务器地址；自签证书请设置 ca_file。").said()),
}  # fmt: skip


def profile(name: str) -> Profile:
    """A provider's defaults. Raises `WrongUse` for an unknown name, with those that are known."""
    if name not in PROFILES:
        known = ", ".join(PROFILES)
        raise WrongUse(f"there is no mailbox profile {name!r}: {known}")
    return PROFILES[name]
