"""Archives, as they are really packed, locked, nested and broken."""
# ruff: noqa: E501 - one mail a line reads best

import io
import struct
import tarfile
import zipfile
import zlib

import py7zr
import pyzipper

from tests.mailer.torture.build import FORM, PDF, Case, file, mail, named, words

OTHER = "注销完成截图.pdf"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with UTF-8 names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def coded(name: str, charset: str, data: bytes = PDF) -> bytes:
    """A zip whose name is in ``charset`` without the UTF-8 flag, as Chinese Windows writes it."""
    raw = name.encode(charset)
    marker = "N" * len(raw)
    return zipped((marker, data), method=zipfile.ZIP_STORED).replace(marker.encode(), raw)


def unicode_path(name: str) -> bytes:
    """Info-ZIP's extra field tells the name, the name itself does not."""
    info = zipfile.ZipInfo("_____.pdf")
    body = struct.pack("<BI", 1, 0) + name.encode()
    info.extra = struct.pack("<HH", 0x7075, len(body)) + body
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, PDF)
    return out.getvalue()


def locked(name: str, password: str, *, aes: bool = True) -> bytes:
    """A zip with a password: WinZip's AES, or the old cipher."""
    if aes:
        out = io.BytesIO()
        with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
            archive.setpassword(password.encode())
            archive.writestr(name, PDF)
        return out.getvalue()
    return _old_cipher(name, password.encode())


def _old_cipher(name: str, password: bytes) -> bytes:
    """PKWARE's cipher (APPNOTE section 6.1): no library writes it any more, WinRAR does."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def turn(byte: int) -> None:
        keys[0] = _crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc(keys[2], keys[1] >> 24)

    for byte in password:
        turn(byte)
    out = bytearray()
    # Twelve bytes of salt before the data; the last one lets a reader check the password.
    for byte in b"saltsaltsal" + bytes([zlib.crc32(PDF) >> 24]) + PDF:
        pad = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ ((pad * (pad ^ 1) >> 8) & 0xFF))
        turn(byte)
    return _entry(name, bytes(out), zlib.crc32(PDF))


def _crc(value: int, byte: int) -> int:
    """One step of CRC-32, without the inversions around it."""
    return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def _entry(name: str, data: bytes, crc: int) -> bytes:
    """A zip of one stored, encrypted member with a UTF-8 name."""
    coded = name.encode()
    common = struct.pack(
        "<HHHHHIIIHH", 20, 0x801, 0, 0, 0x5300, crc, len(data), len(PDF), len(coded), 0
    )
    local = b"PK\x03\x04" + common + coded + data
    central = (
        b"PK\x01\x02"
        + struct.pack("<H", 20)
        + common
        + struct.pack("<HHHII", 0, 0, 0, 0, 0)
        + coded
    )
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def seven(*members: tuple[str, bytes], password: str | None = None) -> bytes:
    """A 7z."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password) as archive:
        for name, data in members:
            archive.writestr(data, name)
    return out.getvalue()


def tarred(name: str) -> bytes:
    """A .tar.gz."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(PDF)
        archive.addfile(info, io.BytesIO(PDF))
    return out.getvalue()


def rar(name: str) -> bytes:
    """A RAR 5 archive with one stored file, written by hand: no free program packs RAR."""

    def number(value: int) -> bytes:
        out = b""
        while value > 127:
            out, value = out + bytes([value & 127 | 128]), value >> 7
        return out + bytes([value])

    def block(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
        sized = number(len(data)) if flags & 2 else b""
        head = number(kind) + number(flags) + sized + fields
        head = number(len(head)) + head
        return struct.pack("<I", zlib.crc32(head)) + head + data

    coded = name.encode()
    fields = number(4) + number(len(PDF)) + number(0) + struct.pack("<I", zlib.crc32(PDF))
    fields += number(0) + number(1) + number(len(coded)) + coded
    main, end = block(1, 0, number(0)), block(5, 0, number(0))
    return b"Rar!\x1a\x07\x01\x00" + main + block(2, 2, fields, PDF) + end


def _sent(archive: bytes, name: str = "材料.zip", said: str = "您好，请查收。") -> bytes:
    packed = file(b'attachment; filename="' + words(name) + b'"', data=archive)
    return mail(parts=(packed,), said=said)


def _case(
    name: str, raw: bytes, inside: tuple[str, ...] = (FORM,), outer: str = "材料.zip"
) -> Case:
    return Case(f"archive: {name}", raw, files=(outer, *inside), whole=inside)


_GOOD = zipped((FORM, PDF))


def _zips() -> list[Case]:
    deep = zipped(("内层.zip", _GOOD))
    return [
        _case("utf-8 names", _sent(_GOOD)),
        _case("gbk names", _sent(coded(FORM, "gbk"))),
        _case("utf-8 names without the flag", _sent(coded(FORM, "utf-8"))),
        _case("big5 names", _sent(coded("許功蓋申請表.pdf", "big5")), ("許功蓋申請表.pdf",)),
        _case("unicode path field", _sent(unicode_path(FORM))),
        _case("folders", _sent(zipped((f"一/二/{FORM}", PDF)))),
        _case("folders of Windows", _sent(coded(f"一\\{FORM}", "gbk"))),
        _case("climbing names", _sent(zipped((f"../../{FORM}", PDF)))),
        _case("absolute names", _sent(zipped((f"/etc/{FORM}", PDF)))),
        _case("two files", _sent(zipped((FORM, PDF), (OTHER, PDF))), (FORM, OTHER)),
        _case("bzip2", _sent(zipped((FORM, PDF), method=zipfile.ZIP_BZIP2))),
        _case("lzma", _sent(zipped((FORM, PDF), method=zipfile.ZIP_LZMA))),
        _case("called .rar, is a zip", _sent(_GOOD, "材料.rar"), outer="材料.rar"),
        _case("bytes before it", _sent(b"\0" * 64 + _GOOD)),
        _case("junk of the Mac", _sent(zipped((FORM, PDF), (f"__MACOSX/._{FORM}", b"x"), (".DS_Store", b"x")))),
        Case("archive: nested", _sent(deep), files=("材料.zip", "内层.zip", FORM), whole=(FORM,)),
        Case("archive: mail in a zip", _sent(zipped(("往来.eml", mail(parts=(named(FORM),))))),
             files=("材料.zip", "往来.eml", FORM), whole=(FORM,)),
        Case("archive: damaged", _sent(_GOOD[:-30]), files=("材料.zip",), problems=("archive-damaged",)),
        Case("archive: empty zip", _sent(zipped()), files=("材料.zip",)),
        Case("archive: 0 bytes", _sent(b""), files=("材料.zip",)),
    ]  # fmt: skip


def _locked() -> list[Case]:
    aes, old = locked(FORM, "Ccer2021"), locked(FORM, "Ccer2021", aes=False)
    chinese = locked(FORM, "履约2021")
    return [
        Case("locked: no password told", _sent(aes), files=("材料.zip", FORM), problems=("encrypted",)),
        Case("locked: a wrong one told", _sent(aes, said="解压密码：nonsense"),
             files=("材料.zip", FORM), problems=("encrypted",)),
        _case("locked: aes", _sent(aes, said="您好，附件解压密码：Ccer2021，谢谢。")),
        _case("locked: old cipher", _sent(old, said="密码为 Ccer2021")),
        _case("locked: password in english", _sent(aes, said="The password is: Ccer2021.")),
        _case("locked: 解压码", _sent(locked(FORM, "x8k2"), said="解压码：x8k2")),
        _case("locked: with punctuation", _sent(locked(FORM, "Abc-12_3!"), said="Password: Abc-12_3!")),
        _case("locked: in brackets", _sent(aes, said="附件（密码：Ccer2021）请查收")),
        _case("locked: on the next line", _sent(aes, said="解压密码\nCcer2021\n谢谢")),
        _case("locked: in quotes", _sent(old, said="压缩包密码是“Ccer2021”")),
        _case("locked: in Chinese", _sent(chinese, said="密码：履约2021")),
        _case("locked: 7z", _sent(seven((FORM, PDF), password="Ccer2021"), "材料.7z", "密码:Ccer2021"),
              outer="材料.7z"),
        Case("locked: 7z, none told", _sent(seven((FORM, PDF), password="x1"), "申请表.7z"),
             files=None, problems=("encrypted",)),
    ]  # fmt: skip


def _others() -> list[Case]:
    return [
        _case("7z", _sent(seven((FORM, PDF)), "材料.7z"), outer="材料.7z"),
        _case("7z with folders", _sent(seven((f"一/{FORM}", PDF), (f"一/{OTHER}", PDF)), "材料.7z"),
              (FORM, OTHER), "材料.7z"),
        Case("7z damaged", _sent(seven((FORM, PDF))[:-9], "材料.7z"), files=("材料.7z",),
             problems=("archive-damaged",)),
        _case("tar.gz", _sent(tarred(FORM), "材料.tar.gz"), outer="材料.tar.gz"),
    ]  # fmt: skip


RAR = _case("rar", _sent(rar(FORM), "材料.rar"), outer="材料.rar")
"""Opened only where `unar` is installed."""
CASES = [*_zips(), *_locked(), *_others()]
