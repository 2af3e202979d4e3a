"""Transfer encodings, whole and broken."""

from __future__ import annotations

import binascii

from tests.goldens_mail.kit import CRLF, PDF, TEXT, Golden, b64, golden, head, multipart, plain_part, word

NAME = "推荐表.pdf"
FILE = b'Content-Type: application/pdf; name="' + word(NAME) + b'"'
ATT = b"Content-Disposition: attachment"


def with_file(name: str, label: bytes | None, encoded: bytes, data: bytes, *problems: str, **more) -> Golden:
    lines = [FILE, ATT] + ([b"Content-Transfer-Encoding: " + label] if label is not None else [])
    part = CRLF.join(lines) + CRLF + CRLF + encoded
    more.setdefault("files", [(NAME, data)])
    return golden(
        "transfer: " + name,
        multipart(plain_part(), part),
        problems=[f"{NAME}: {problem}" for problem in problems],
        **more,
    )


def uu(data: bytes, name: bytes = b"a.bin", end: bytes = CRLF) -> bytes:
    lines = [binascii.b2a_uu(data[i : i + 45]).rstrip(b"\n") for i in range(0, len(data), 45)]
    return end.join([b"begin 644 " + name, *lines, b"`", b"end", b""])


def qp(data: bytes) -> bytes:
    out = b""
    for i in range(0, len(data), 20):
        out += b"".join(b"=%02X" % c for c in data[i : i + 20]) + b"=" + CRLF
    return out


def files() -> list[Golden]:
    text = b64(PDF)
    lines = text.split(CRLF)
    second = b"second file\x00\x01"
    cut = text[: len(text) - 60]
    whole = cut.replace(CRLF, b"")
    shown = binascii.a2b_base64(whole[: len(whole) // 4 * 4])
    odd = text.rstrip()[:-3]
    return [
        with_file("base64", b"base64", text, PDF),
        with_file("label in capitals with a blank behind", b"BASE64 ", text, PDF),
        with_file("label with a semicolon", b"base64;", text, PDF),
        with_file("label in quotes", b'"base64"', text, PDF),
        with_file("label with a comment", b"base64 (encoded)", text, PDF),
        with_file("base64 on one line", b"base64", b64(PDF, 10_000), PDF),
        with_file("base64 in lines of odd length", b"base64", b64(PDF, 61), PDF),
        with_file(
            "base64 with blank lines and trailing blanks",
            b"base64",
            b" \r\n".join(lines[:5]) + b"\r\n\r\n" + CRLF.join(lines[5:]),
            PDF,
        ),
        with_file("junk characters in base64", b"base64", text[:100] + b"!*\x00" + text[100:], PDF, "base64-junk"),
        with_file("two base64 texts in a row", b"base64", b64(second) + text, second + PDF, "base64-joined"),
        with_file(
            "a scanner's footer below base64",
            b"base64",
            b64(PDF + b"x") + CRLF + b"----\r\nThis mail was scanned for viruses.\r\n",
            PDF + b"x",
            "base64-footer",
        ),
        with_file(
            "base64 without its padding", b"base64", b64(PDF + b"xx").replace(b"=", b""), PDF + b"xx", "base64-cut"
        )
        if len(PDF + b"xx") % 3
        else with_file(
            "base64 without its padding", b"base64", b64(PDF + b"x").replace(b"=", b""), PDF + b"x", "base64-cut"
        ),
        with_file(
            "base64 cut at its end",
            b"base64",
            odd,
            binascii.a2b_base64(odd.replace(CRLF, b"")[: len(odd.replace(CRLF, b"")) // 4 * 4]),
            "base64-cut",
        )
        if len(odd.replace(CRLF, b"")) % 4 == 1
        else with_file(
            "base64 cut at its end",
            b"base64",
            cut + CRLF,
            shown if len(whole) % 4 < 2 else binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)),
            *(["base64-cut"] if len(whole) % 4 else []),
        ),
        with_file("no label, base64 all the same", None, text, PDF, "transfer-undeclared"),
        with_file("8bit label, base64 all the same", b"8bit", text, PDF, "transfer-undeclared"),
        with_file(
            "base64 label, raw file",
            b"base64",
            b"%PDF-1.4 (this was never encoded) \xff\xfe!" * 9,
            b"%PDF-1.4 (this was never encoded) \xff\xfe!" * 9,
            "transfer-not-base64",
        ),
        with_file("binary", b"binary", PDF, PDF),
        with_file("quoted-printable file", b"quoted-printable", qp(PDF), PDF),
        with_file("quoted-printable in lower case", b"Quoted-Printable", qp(PDF).lower(), PDF),
        with_file(
            "quoted-printable with blanks after the soft break",
            b"quoted-printable",
            qp(PDF).replace(b"=\r\n", b"= \t\r\n"),
            PDF,
        ),
        with_file("x-uuencode", b"x-uuencode", uu(PDF), PDF),
        with_file("uuencode without its begin line", b"uuencode", uu(PDF).split(CRLF, 1)[1], PDF),
        with_file("unknown encoding", b"x-zip-encoded", b"abc", b"abc", "transfer-unknown"),
        with_file("empty file", b"base64", b"", b"", "file-empty"),
        with_file("only blanks", b"base64", CRLF * 3, b"", "file-empty"),
        with_file("url-safe junk is junk", b"base64", text[:76] + b"~" + text[76:], PDF, "base64-junk"),
    ]


def inline_uu() -> list[Golden]:
    text = head(b"Content-Type: text/plain; charset=gbk") + CRLF
    before, after = "您好，文件如下：".encode("gbk"), "谢谢！".encode("gbk")
    return [
        golden(
            "transfer: uuencode inside the words",
            text + before + CRLF + uu(PDF, "推荐表.pdf".encode("gbk")) + after,
            text="您好，文件如下：\n谢谢！",
            files=[(NAME, PDF)],
            problems=[f"{NAME}: header-raw-8bit"],
        ),
        golden(
            "transfer: two uuencoded files",
            text + before + CRLF + uu(PDF, b"a.pdf") + CRLF + uu(b"second", b"b.txt") + after,
            text="您好，文件如下：\n\n谢谢！",
            files=[("a.pdf", PDF), ("b.txt", b"second")],
        ),
        golden(
            "transfer: uuencode never ended",
            text + before + CRLF + uu(PDF, b"a.pdf").rsplit(b"`", 1)[0],
            text="您好，文件如下：\n",
            files=[("a.pdf", PDF)],
            problems=["uuencode-cut"],
        ),
        golden(
            "transfer: words that begin like uuencode",
            text + "begin 644 是一个命令\r\n谢谢".encode("gbk"),
            text="begin 644 是一个命令\n谢谢",
        ),
    ]


def texts() -> list[Golden]:
    def words_in(name: str, label: bytes, body: bytes, text: str = TEXT, *problems: str) -> Golden:
        raw = head(b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: " + label) + CRLF + body
        return golden("transfer: " + name, raw, text=text, problems=problems)

    encoded = "".join(f"={byte:02X}" for byte in TEXT.encode()).encode()
    return [
        words_in("words in quoted-printable", b"quoted-printable", encoded),
        words_in(
            "words in quoted-printable cut inside a character",
            b"quoted-printable",
            encoded[:12] + b"=\r\n" + encoded[12:],
        ),
        words_in(
            "bare equals signs in quoted-printable",
            b"quoted-printable",
            b"a=b, c = d " + encoded,
            "a=b, c = d " + TEXT,
            "quoted-printable-bad",
        ),
        words_in("words in base64", b"base64", b64(TEXT.encode())),
        words_in("words in base64 with junk", b"base64", b"*" + b64(TEXT.encode()), TEXT, "base64-junk"),
        words_in("words in 8bit", b"8bit", TEXT.encode()),
        words_in("words in base64 with a blank behind the label", b"base64 \t", b64(TEXT.encode())),
        words_in("misspelt quoted-printable", b"quotedprintable", encoded),
    ]


def goldens() -> list[Golden]:
    return [*files(), *inline_uu(), *texts()]
