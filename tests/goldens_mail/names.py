"""File names in every way that Chinese programs write them."""

from __future__ import annotations

import unicodedata

from tests.goldens_mail.kit import (
    DOCX,
    JPG,
    PDF,
    Golden,
    file_part,
    golden,
    multipart,
    named,
    percent,
    plain_part,
    word,
    words,
)

NAME = "浙江朱镕堃昇精密机械有限公司推荐表.pdf"
RARE = "李喆王堃陈玥_案例报告.pdf"
GB = "gb18030"
OCTET = b"Content-Type: application/octet-stream"
ATT = b"Content-Disposition: attachment"


def one(
    name: str, disposition: bytes, expected: str, *problems: str, kind: bytes = OCTET, data: bytes = PDF, **more
) -> Golden:
    return golden(
        "name: " + name,
        named(disposition, kind, data),
        files=[(expected, data)],
        problems=[f"{expected}: {problem}" for problem in problems],
        **more,
    )


def fn(value: bytes) -> bytes:
    return ATT + b"; filename=" + value


def quoted(value: bytes) -> bytes:
    return fn(b'"' + value + b'"')


def encoded_words() -> list[Golden]:
    return [
        one("utf-8 B word in quotes", quoted(word(NAME)), NAME),
        one("utf-8 Q word in quotes", quoted(word(NAME, how="Q")), NAME),
        one("gb2312 label on GB18030 bytes in quotes", quoted(word(RARE, GB, "gb2312")), RARE),
        one("GB2312 in capitals, Q", quoted(word(RARE, GB, "GB2312", "q")), RARE),
        one("gbk label", quoted(word(RARE, GB, "gbk")), RARE),
        one("x-gbk label", quoted(word(RARE, GB, "x-gbk")), RARE),
        one("cp936 label", quoted(word(RARE, GB, "cp936")), RARE),
        one("unquoted gb18030 word", fn(word(RARE, GB)), RARE),
        one("unquoted utf-8 word", fn(word(NAME)), NAME),
        one("utf-8 words cut inside characters", quoted(words(NAME, "utf-8", [4, 11, 23])), NAME),
        one("gbk words cut inside characters", quoted(words(RARE, GB, [3, 9, 15], "gb2312")), RARE),
        one(
            "gbk words cut inside characters, no blank between",
            quoted(words(RARE, GB, [3, 9], "gb2312", glue=b"")),
            RARE,
        ),
        one("gbk Q words cut inside characters", quoted(words(RARE, GB, [1, 7], "gbk", "Q", b" ")), RARE),
        one("unquoted folded words", fn(words(NAME, "utf-8", [9, 21])), NAME),
        one("word and plain ending", quoted(word("案例报告", GB, "gb2312") + b".pdf"), "案例报告.pdf"),
        one(
            "three words, one in B and one in Q",
            quoted(word("案例", GB) + b" " + word("报告", GB, how="Q") + b" " + word(".pdf", GB)),
            "案例报告.pdf",
        ),
        one(
            "mislabelled: utf-8 said, gbk meant",
            quoted(word("推荐表.pdf", GB, "utf-8")),
            "推荐表.pdf",
            "charset-mislabelled",
        ),
        one(
            "mislabelled: gbk said, utf-8 meant",
            quoted(word("推荐表.pdf", "utf-8", "gbk")),
            "推荐表.pdf",
            "charset-mislabelled",
        ),
        one("big5", quoted(word("推薦表.pdf", "big5")), "推薦表.pdf"),
        one("word without its padding", quoted(b"=?utf-8?B?5o6o6I2Q6KGoLnBkZg?="), "推荐表.pdf"),
        one(
            "unknown charset in the word", quoted(word("推荐表.pdf", GB, "x-unknown")), "推荐表.pdf", "charset-missing"
        ),
        one(
            "invented charset in the word", quoted(word("推荐表.pdf", GB, "gb-office")), "推荐表.pdf", "charset-unknown"
        ),
        one("emoji", quoted(word("案例🏭报告.pdf")), "案例🏭报告.pdf"),
        one("language mark in the word", quoted(word("推荐表.pdf", "utf-8", "utf-8*zh-CN")), "推荐表.pdf"),
    ]


def raw_bytes() -> list[Golden]:
    raw = "header-raw-8bit"
    return [
        one("raw GBK in quotes", quoted(RARE.encode(GB)), RARE, raw),
        one("raw UTF-8 in quotes", quoted(NAME.encode()), NAME, raw),
        one("raw GBK without quotes", fn(RARE.encode(GB)), RARE, raw),
        one("raw GBK of characters whose bytes are valid UTF-8", quoted("图片.pdf".encode(GB)), "图片.pdf", raw),
        one("raw GBK, second byte is a backslash", quoted("誠信許可證.pdf".encode(GB)), "誠信許可證.pdf", raw),
        one("raw GBK ending in a backslash byte", quoted("证誠".encode(GB)), "证誠", raw),
        one(
            "raw GBK in the type only",
            ATT,
            RARE,
            raw,
            kind=b'Content-Type: application/pdf; name="' + RARE.encode(GB) + b'"',
        ),
        one("raw GBK of four bytes", quoted("㐂㐇.pdf".encode(GB)), "㐂㐇.pdf", raw),
        one("raw UTF-8 with blanks, unquoted", fn("案例 报告 终稿.pdf".encode()), "案例 报告 终稿.pdf", raw),
        one("raw bytes that are nothing", quoted(b"\xff.pdf"), "\ufffd.pdf", "charset-lossy"),
    ]


def extended() -> list[Golden]:
    utf8 = percent(NAME.encode())
    gbk = percent(RARE.encode(GB))
    cut = NAME.encode()
    pieces = [percent(cut[:7]), percent(cut[7:20]), percent(cut[20:])]
    chain = b"; filename*0*=utf-8''" + pieces[0] + b";\r\n filename*1*=" + pieces[1] + b";\r\n filename*2*=" + pieces[2]
    shuffled = b"; filename*2*=" + pieces[2] + b"; filename*0*=utf-8''" + pieces[0] + b"; filename*1*=" + pieces[1]
    return [
        one("RFC 2231 utf-8", ATT + b"; filename*=utf-8''" + utf8, NAME),
        one("RFC 2231 UTF-8 with language", ATT + b"; filename*=UTF-8'zh-cn'" + utf8, NAME),
        one("RFC 2231 gb2312 label on GBK bytes", ATT + b"; filename*=gb2312''" + gbk, RARE),
        one("RFC 2231 lower-case hexadecimal", ATT + b"; filename*=utf-8''" + utf8.lower(), NAME),
        one("RFC 2231 pieces cut inside characters", ATT + chain, NAME),
        one("RFC 2231 pieces out of order", ATT + shuffled, NAME),
        one("RFC 2231 pieces in gbk", ATT + b"; filename*0*=gbk''" + gbk[:20] + b"; filename*1*=" + gbk[20:], RARE),
        one("ASCII fallback beside RFC 2231", ATT + b"; filename=\"tuijianbiao.pdf\"; filename*=utf-8''" + utf8, NAME),
        one("ASCII fallback after RFC 2231", ATT + b"; filename*=utf-8''" + utf8 + b'; filename="a.pdf"', NAME),
        one("star and numbered star together", ATT + b"; filename*=utf-8''" + utf8 + chain, NAME),
        one("quoted RFC 2231 value", ATT + b"; filename*=\"utf-8''" + utf8 + b'"', NAME),
        one("RFC 2231 without a charset", ATT + b"; filename*=''" + utf8, NAME, "charset-missing"),
        one("RFC 2231 without its apostrophes", ATT + b"; filename*=" + utf8, NAME, "charset-missing"),
        one("RFC 2231 form without the star", quoted(b"utf-8''" + utf8), NAME),
        one(
            "RFC 2231 mixed plain and encoded pieces",
            ATT
            + b"; filename*0*=utf-8''"
            + percent("案例".encode())
            + b'; filename*1="-2026"; filename*2*='
            + percent("报告.pdf".encode()),
            "案例-2026报告.pdf",
        ),
        one(
            "RFC 2231 with a piece missing",
            ATT + b"; filename*0*=utf-8''" + percent("案例".encode()) + b"; filename*2*=.pdf",
            "案例.pdf",
            "name-incomplete",
        ),
        one(
            "encoded words in numbered plain pieces",
            ATT + b'; filename*0="=?utf-8?B?5o6o6I2Q"; filename*1="6KGoLnBkZg==?="',
            "推荐表.pdf",
        ),
        one("RFC 2231 name in the type", ATT, NAME, kind=OCTET + b"; name*=utf-8''" + utf8),
        one("percent signs in a plain name", quoted(utf8), NAME, "name-percent"),
        one("a percent sign that is only one", quoted(b"100%AB.pdf"), "100%AB.pdf", chinese=False),
    ]


def two_places() -> list[Golden]:
    return [
        one("name only in Content-Type", ATT, NAME, kind=OCTET + b'; name="' + word(NAME) + b'"'),
        one(
            "disposition name goes first", quoted(word("推荐表.pdf")), "推荐表.pdf", kind=OCTET + b'; name="other.pdf"'
        ),
        one(
            "disposition name destroyed by the sender",
            quoted(b"?????????.pdf"),
            NAME,
            kind=OCTET + b'; name="' + word(NAME) + b'"',
        ),
        one(
            "no disposition at all",
            b"X-Other: 1",
            NAME,
            kind=b'Content-Type: application/pdf; name="' + word(NAME) + b'"',
        ),
        one("inline with a name", b"Content-Disposition: inline; filename=" + word(NAME), NAME),
        one("name= in the disposition", ATT + b'; name="' + word(NAME) + b'"', NAME),
        one("FileName in mixed case", b"CONTENT-DISPOSITION: ATTACHMENT; FileName=" + word(NAME), NAME),
        one("first of two file names", fn(b"a.pdf") + b"; filename=b.pdf", "a.pdf", chinese=False),
        one(
            "missing semicolon before the name", b'Content-Disposition: attachment filename="' + word(NAME) + b'"', NAME
        ),
        one(
            "type and name without semicolon",
            ATT,
            NAME,
            kind=b'Content-Type: application/pdf name="' + word(NAME) + b'"',
        ),
        one("quote never closed", fn(b'"' + word(NAME) + b"; size=1234"), NAME),
        one("semicolons inside quotes", quoted(b"a;b;c.pdf"), "a;b;c.pdf", chinese=False),
        one("escaped quotes", quoted(b'the \\"final\\" version.pdf'), 'the "final" version.pdf', chinese=False),
        one("single quotes around", fn(b"'report.pdf'"), "report.pdf", chinese=False),
        one("blanks around the equals sign", ATT + b' ; filename = "' + word(NAME) + b'" ; size=1', NAME),
        one("folded between parameter and value", ATT + b';\r\n\tfilename=\r\n\t "' + word(NAME) + b'"', NAME),
        one(
            "name folded inside quotes",
            quoted(b"annual report\r\n final.pdf"),
            "annual report final.pdf",
            chinese=False,
        ),
    ]


def unsafe() -> list[Golden]:
    long = "案" * 120 + ".pdf"
    kept = "案" * 82 + "….pdf"
    decomposed = unicodedata.normalize("NFD", "Señor案例ガ.pdf")
    return [
        one("whole Windows path", quoted(b"C:\\Users\\zhang\\report.pdf"), "report.pdf", "name-path", chinese=False),
        one(
            "whole Chinese Windows path", quoted(word("D:\\申报\\推荐表.pdf", GB, "gb2312")), "推荐表.pdf", "name-path"
        ),
        one("climbing path", quoted(b"../../../etc/passwd"), "passwd", "name-path", chinese=False),
        one("absolute path in an encoded word", quoted(word("/tmp/推荐表.pdf")), "推荐表.pdf", "name-path"),
        one("direction override", quoted(word("推荐表\u202efdp.exe")), "推荐表fdp.exe", "name-direction-marks"),
        one("zero-width characters", quoted(word("推荐\u200b表\ufeff.pdf")), "推荐表.pdf"),
        one("NUL and control characters", quoted(word("推荐\x00表\x07.pdf")), "推荐表.pdf"),
        one("line break inside an encoded word", quoted(word("推荐表\r\nX-Evil: 1.pdf")), "推荐表 X-Evil: 1.pdf"),
        one("decomposed characters of macOS", quoted(word(decomposed)), "Señor案例ガ.pdf"),
        one("longer than 255 bytes", quoted(word(long)), kept, "name-too-long"),
        one("only dots", quoted(b".."), "附件2.pdf", chinese=False),
        one("empty name", quoted(b""), "附件2.pdf", chinese=False),
        one("blank encoded name", quoted(word("   ")), "附件2.pdf", chinese=False),
        one(
            "full-width and brackets",
            quoted(word("【终稿】推荐表（盖章）２０２６．ｐｄｆ")),
            "【终稿】推荐表（盖章）２０２６．ｐｄｆ",
        ),
        one(
            "shell characters are only characters", quoted(b"$(rm -rf ~)`id`.pdf"), "$(rm -rf ~)`id`.pdf", chinese=False
        ),
    ]


def several() -> list[Golden]:
    def part(name: str, data: bytes) -> bytes:
        return file_part(data, OCTET, quoted(word(name, GB, "gb2312")))

    return [
        golden(
            "name: two files of one name",
            multipart(plain_part(), part("照片.jpg", JPG), part("照片.jpg", JPG + b"2")),
            files=[("照片.jpg", "照片.jpg", JPG), ("照片(2).jpg", "照片.jpg", JPG + b"2")],
        ),
        golden(
            "name: three of one name without ending",
            multipart(plain_part(), part("照片", JPG), part("照片", JPG), part("照片", PDF)),
            files=[("照片", "照片", JPG), ("照片(2)", "照片", JPG), ("照片(3)", "照片", PDF)],
        ),
        golden(
            "name: four files in order",
            multipart(
                plain_part(),
                part("推荐表.pdf", PDF),
                part("案例报告.docx", DOCX),
                part("照片1.jpg", JPG),
                part("照片2.jpg", JPG + b"!"),
            ),
            files=[("推荐表.pdf", PDF), ("案例报告.docx", DOCX), ("照片1.jpg", JPG), ("照片2.jpg", JPG + b"!")],
        ),
        golden(
            "name: names that differ only in case are two",
            multipart(plain_part(), part("a.PDF", PDF), part("a.pdf", PDF)),
            files=[("a.PDF", PDF), ("a.pdf", PDF)],
            chinese=False,
        ),
        golden(
            "name: unnamed parts get stable names",
            multipart(
                plain_part(),
                file_part(PDF, b"Content-Type: application/pdf", None),
                file_part(JPG, b"Content-Type: image/jpeg", None),
                file_part(DOCX, OCTET, b"Content-Disposition: attachment"),
            ),
            files=[("附件2.pdf", PDF), ("附件3.jpg", JPG), ("附件4.zip", DOCX)],
            chinese=False,
        ),
    ]


def goldens() -> list[Golden]:
    return [*encoded_words(), *raw_bytes(), *extended(), *two_places(), *unsafe(), *several()]
