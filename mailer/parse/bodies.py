"""What a mail says in words, and the large attachments that it only links to."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from mailer.mail import Link, MailProblem
from mailer.parse.texts import printable
from procedure.language import _

FILE_LIKE = re.compile(
    r"[^\s<>\"'/\\]{1,120}\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar|7z|jpe?g|png|tiff?|heic)", re.I
)
CLOUD = re.compile(
    r"(?:mail\.qq\.com|mail\.163\.com|mail\.126\.com|wx\.mail|fs\.163|/ftn/|largeatt)"
)
CLOUD_WORDS = re.compile(r"超大附件|中转站|云附件|网盘附件|点击下载|进入下载")
LINKED = MailProblem(
    "attachment-link",
    _("附件以网络链接（超大附件、中转站）方式发送，无法取得。请直接以附件发送文件。").said(),
)
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote"})


class _Stripper(HTMLParser):
    """Text and links of an HTML body; scripts and styles are dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.cids: set[str] = set()
        self._skip = 0
        self._href = ""
        self._anchor: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "style", "head", "title"):
            self._skip += 1
        elif tag in _BLOCKS:
            self.out.append("\n")
        if tag == "a":
            self._href, self._anchor = values.get("href") or "", []
        source = values.get("src") or ""
        if source.lower().startswith("cid:"):
            self.cids.add(source[4:])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head", "title"):
            self._skip = max(0, self._skip - 1)
        elif tag == "a" and self._href:
            self.links.append((printable("".join(self._anchor)), self._href))
            self._href = ""

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.out.append(data)
            self._anchor.append(data)


def strip(html: str) -> tuple[str, list[tuple[str, str]], set[str]]:
    """(text, [(anchor, address)], Content-IDs of its pictures) of an HTML body."""
    parser = _Stripper()
    # What the last bracket leaves open is text: the parser would look for its end again and again.
    end = html.rfind(">") + 1
    parser.feed(html[:end] + html[end:].replace("<", "&lt;"))
    parser.close()
    lines = (line.strip() for line in "".join(parser.out).replace("\xa0", " ").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), parser.links, parser.cids


def large_attachments(anchors: list[tuple[str, str]], text: str) -> list[Link]:
    """Links that stand for files on a provider's server."""
    told = bool(CLOUD_WORDS.search(text))
    found: dict[str, Link] = {}
    for anchor, url in anchors:
        if not url.lower().startswith(("http://", "https://")):
            continue
        name = FILE_LIKE.search(anchor) or FILE_LIKE.search(unquote(urlsplit(url).path))
        if CLOUD.search(url) or (name and told):
            link = Link(name[0] if name else anchor, url)
            known = found.get(url)
            found[url] = known if known and FILE_LIKE.search(known.name) else link
    if not found and told:
        names = FILE_LIKE.findall(text)
        for url in re.findall(r"https?://[^\s<>\"'）)]+", text):
            found[url] = Link(names[0] if names else "", url)
    return list(found.values())
