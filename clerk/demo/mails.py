"""The demo's mails as raw bytes, with the structure that QQ, 163 and Outlook give theirs."""

from dataclasses import dataclass, replace
from datetime import datetime

from clerk.demo import papers
from clerk.demo.data import OWN_ADDRESS, DemoWorld, at
from clerk.demo.mime import Draft, Enclosure, Flavour, write
from clerk.drawing import Drawn

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {
    ".docx": _DOCX,
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
_APPLY = """您好：

    现报送我单位第一个履约周期使用CCER抵销配额清缴申请表，请查收并审核。
    如有问题请随时与我联系，谢谢！

{name}
联系人：{contact}"""
_PROVE = """您好：

    我单位已在自愿减排注册登记系统完成自愿注销，现报送加盖公章的注销截图，请核实。

{name}
联系人：{contact}"""
_AWAY = """您好，您的邮件我已收到。我于11月24日至30日出差，邮件回复可能不及时，
急事请电话联系。（此邮件由系统自动回复）"""


@dataclass(frozen=True)
class DemoMail:
    """One mail to send over SMTP. ``at``: demo time at which it is sent."""

    key: str
    title: str
    """What it is meant to show, in Chinese."""
    sender: str
    """Envelope sender ("" for a null path)."""
    recipient: str
    subject: str
    raw: bytes
    at: datetime
    files: tuple[str, ...] = ()


class _Post:
    """Writes the mails of one world."""

    def __init__(self, world: DemoWorld, to: str) -> None:
        self.world = world
        self.to = to

    def mail(
        self,
        key: str,
        title: str,
        number: int,
        when: datetime,
        subject: str,
        files: tuple[Enclosure, ...],
        flavour: Flavour,
        text: str = _APPLY,
    ) -> DemoMail:
        draft = self._draft(key, number, when, subject, files, flavour, text)
        names = tuple(file.name for file in files if not file.content_id)
        return DemoMail(key, title, draft.sender, self.to, subject, write(draft), when, names)

    def again(self, mail: DemoMail, when: datetime) -> DemoMail:
        """The same documents in a new mail."""
        drawn = papers.form(self.world, 0, "docx")
        subject = f"（重发）{mail.subject}"
        files = (enclosure(mail.files[0], drawn),)
        title = "同一申请表换邮件重发：识别为重复件"
        return self.mail("duplicate", title, 0, when, subject, files, "163")

    def away(self, when: datetime) -> DemoMail:
        """An automatic answer, with a null envelope sender."""
        subject = "自动回复：碳排放权交易履约工作提醒"
        draft = self._draft("away", 1, when, subject, (), "qq", _AWAY)
        headers = ("Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All")
        raw = write(replace(draft, headers=headers))
        return DemoMail("auto-reply", "自动回复：不答复，不立案", "", self.to, subject, raw, when)

    def _draft(
        self,
        key: str,
        number: int,
        when: datetime,
        subject: str,
        files: tuple[Enclosure, ...],
        flavour: Flavour,
        text: str,
    ) -> Draft:
        own = papers.company(self.world, number)
        sender = self.world.entities[number].emails[0]
        return Draft(
            flavour,
            sender,
            own.contact,
            self.to,
            subject,
            text.format(name=own.name, contact=own.contact),
            when,
            f"{key}.20211126@{sender.partition('@')[2]}",
            files,
        )


def enclosure(name: str, drawn: Drawn) -> Enclosure:
    """A drawn document as an attachment."""
    return Enclosure(name, _TYPES["." + drawn.name.rpartition(".")[2]], drawn.data)


def applications(world: DemoWorld, to: str = OWN_ADDRESS) -> tuple[DemoMail, ...]:
    """The morning's mails, in order: good forms and bad ones."""
    post = _Post(world, to)
    good = _good(post)
    return (*good, *_bad(post), post.again(good[0], at(9, 26)), post.away(at(9, 28)))


def _good(post: _Post) -> tuple[DemoMail, ...]:
    world = post.world
    logo = Enclosure("image001.png", "image/png", papers.logo(), "image001@qq.example")
    zipped = papers.gbk_zip(
        (
            ("申请材料/使用CCER抵销配额清缴申请表.pdf", papers.form(world, 4, "digital").data),
            ("申请材料/一般持有账户开户证明.png", papers.account_proof(world, 4)),
        )
    )
    return (
        post.mail(
            "docx", "Word 申请表：各项相符", 0, at(8, 41),
            "使用CCER抵销配额清缴申请表-河北恒凌示例热电",
            (enclosure("CCER抵销申请表.docx", papers.form(world, 0, "docx")),), "163",
        ),
        post.mail(
            "pdf", "PDF 申请表：各项相符，带签名图标", 1, at(8, 47),
            "关于报送第一个履约周期CCER抵销配额清缴申请表的函",
            (enclosure("申请表（盖章）.pdf", papers.form(world, 1, "digital")), logo), "qq",
        ),
        post.mail(
            "scan", "扫描件：两个识别引擎互相印证", 2, at(8, 55),
            "山东隆朔示例铝业CCER抵销申请表（扫描件）",
            (enclosure("扫描_20211126.pdf", papers.form(world, 2, "clean")),), "163",
        ),
        post.mail(
            "zip", "压缩包（文件名为 GBK 编码）：申请表与开户证明", 4, at(9, 2),
            "兵团昊源示例能源申请材料",
            (Enclosure("申请材料.zip", "application/x-zip-compressed", zipped),), "163",
        ),
    )  # fmt: skip


def _bad(post: _Post) -> tuple[DemoMail, ...]:
    world = post.world
    blurred = Enclosure("扫描件0001.pdf", "application/octet-stream", papers.unreadable(world, 7))
    return (
        post.mail(
            "over-cap", "超过 5% 上限：退回并说明依据", 3, at(9, 8),
            "CCER抵销配额清缴申请表（翎川示例化工）",
            (enclosure("抵销申请表.pdf", papers.form(world, 3, "digital")),), "qq",
        ),
        post.mail(
            "wrong-seal", "公章是另一家单位的", 5, at(9, 13),
            "禹辰示例水泥-使用CCER抵销配额清缴申请表",
            (enclosure("申请表扫描.jpg", papers.form(world, 5, "office", sealed_by=7)),), "qq",
        ),
        post.mail(
            "no-account", "注册登记系统查无此账户：告知如何开户", 6, at(9, 18),
            "泰岳示例造纸 CCER抵销申请表",
            (enclosure("申请表.docx", papers.form(world, 6, "docx")),), "outlook",
        ),
        post.mail(
            "unreadable", "模糊到无法识读的扫描件：转人工", 7, at(9, 22),
            "沛盛示例钢铁CCER抵销申请表", (blurred,), "163",
        ),
    )  # fmt: skip


def corrections(world: DemoWorld, to: str = OWN_ADDRESS) -> tuple[DemoMail, ...]:
    """After the returns: the form that was over the cap comes again, exactly at the cap."""
    drawn = papers.corrected_form(world, 3, (("CCER-0730", 96_800),))
    return (
        _Post(world, to).mail(
            "corrected", "退回后修改重报：恰为上限 5%，形成新版本", 3, at(11, 20),
            "CCER抵销配额清缴申请表（修改后重报）",
            (enclosure("抵销申请表-修改.pdf", drawn),), "qq",
        ),
    )  # fmt: skip


def proofs(world: DemoWorld, to: str = OWN_ADDRESS) -> tuple[DemoMail, ...]:
    """The afternoon's mails: sealed screenshots of cancellations."""
    post = _Post(world, to)
    return (
        post.mail(
            "proof-1", "注销截图（扫描件）：两笔，与登记记录一致", 0, at(14, 40),
            "自愿注销完成截图-恒凌示例热电",
            (enclosure("注销截图（盖章）.pdf", papers.screenshot(world, 0, "clean")),),
            "163", _PROVE,
        ),
        post.mail(
            "proof-2", "注销截图（手机拍照）", 1, at(14, 52), "弘晟示例发电 自愿注销凭证",
            (enclosure("IMG_20211126.jpg", papers.screenshot(world, 1, "phone")),),
            "qq", _PROVE,
        ),
        post.mail(
            "proof-3", "注销数量少于确认数量", 4, at(15, 20), "昊源示例能源注销截图",
            (enclosure("注销截图.jpg", papers.screenshot(world, 4, "office")),),
            "163", _PROVE,
        ),
    )  # fmt: skip
