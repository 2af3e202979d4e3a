"""Subjects, senders and the header block itself."""

from __future__ import annotations

from tests.goldens_mail.kit import CRLF, TEXT, Golden, b64, golden, head, word, words

LONG = "关于报送浙江朱镕堃昇精密机械有限公司2026年“专精特新”发展优秀案例申报材料的函"
GB = "gb18030"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64"
BODY = b64(TEXT.encode())


def with_subject(name: str, raw: bytes, expected: str, *problems: str, **more) -> Golden:
    return golden(
        "subject: " + name, head(PLAIN, subject=raw) + CRLF + BODY, subject=expected, problems=problems, **more
    )


def with_sender(name: str, raw: bytes, expected: tuple[str, str], *problems: str, **more) -> Golden:
    return golden("sender: " + name, head(PLAIN, sender=raw) + CRLF + BODY, sender=expected, problems=problems, **more)


def subjects() -> list[Golden]:
    gbk_short = "图片"
    return [
        with_subject("utf-8 words", words(LONG, "utf-8", [30, 60, 90]), LONG),
        with_subject("utf-8 words cut inside characters", words(LONG, "utf-8", [31, 62, 92]), LONG),
        with_subject("gb2312 label with GB18030 characters", word(LONG, GB, "gb2312"), LONG),
        with_subject("gb2312 words cut inside characters", words(LONG, GB, [15, 33, 51], "GB2312"), LONG),
        with_subject("gbk Q words", words(LONG, GB, [20, 40], "gbk", "Q"), LONG),
        with_subject("Q with underscores", word("annual_report =2026", how="Q"), "annual_report =2026", chinese=False),
        with_subject("gb18030 four-byte character", word("㐂氏案例𠮷", GB), "㐂氏案例𠮷"),
        with_subject("words side by side without blanks", words(LONG, "utf-8", [30, 60], glue=b""), LONG),
        with_subject(
            "words parted by several blanks and tabs", words(LONG, "utf-8", [30, 60], glue=b"\r\n \t  "), LONG
        ),
        with_subject("base64 cut inside a group", b"=?utf-8?B?5o6o6I2Q6?= =?utf-8?B?KGoLnBkZg==?=", "推荐表.pdf"),
        with_subject(
            "two base64 texts in one word", b"=?utf-8?B?" + b"5qGI5L6LQQ==" + b"5oql5ZGK" + b"?=", "案例A报告"
        ),
        with_subject("raw GBK", LONG.encode(GB), LONG, "header-raw-8bit"),
        with_subject("raw UTF-8", LONG.encode(), LONG, "header-raw-8bit"),
        with_subject("raw GBK that is valid UTF-8", gbk_short.encode(GB), gbk_short, "header-raw-8bit"),
        with_subject("short GBK word that is valid UTF-8", word(gbk_short, GB, "gb2312"), gbk_short),
        with_subject(
            "raw GBK, folded",
            LONG.encode(GB)[:20] + b"\r\n " + LONG.encode(GB)[20:],
            LONG[:10] + " " + LONG[10:],
            "header-raw-8bit",
        ),
        with_subject("utf-8 said, gbk meant", word(LONG, GB, "utf-8"), LONG, "charset-mislabelled"),
        with_subject("gb2312 said, utf-8 meant", word(LONG, "utf-8", "gb2312"), LONG, "charset-mislabelled"),
        with_subject(
            "iso-8859-1 said, gbk meant", word("申报材料报送", GB, "iso-8859-1"), "申报材料报送", "charset-mislabelled"
        ),
        with_subject("real iso-8859-1", word("Müller GmbH", "iso-8859-1"), "Müller GmbH", chinese=False),
        with_subject("us-ascii said, gbk meant", word("申报材料", GB, "us-ascii"), "申报材料", "charset-missing"),
        with_subject("no encoded words but a marker", b"=?utf-8?B?=?= price =?", "price =?", chinese=False),
        with_subject("word glued to plain text", b"Re:" + word("申报材料") + b"(2)", "Re:申报材料(2)"),
        with_subject(
            "plain text between words keeps its blanks", word("申报") + b" AB " + word("材料"), "申报 AB 材料"
        ),
        with_subject("question mark inside a Q word", b"=?utf-8?Q?Is_it_done??= yes", "Is it done? yes", chinese=False),
        with_subject("blank inside a Q word", b"=?gb2312?Q?=C9=EA=B1=A8 =B2=C4=C1=CF?=", "申报 材料"),
        with_subject(
            "several charsets in one line",
            word("申报", GB, "gb2312") + b" " + word("材料", "utf-8") + b" " + word("函", "big5"),
            "申报材料函",
        ),
        with_subject("hz", word("申报材料", "hz", "hz-gb-2312"), "申报材料"),
        with_subject("utf-7", b"=?utf-7?Q?+dTNipWdQZZk-?=", "申报材料"),
        with_subject("iso-2022-jp", word("申請書", "iso-2022-jp"), "申請書"),
        with_subject("euc-kr", word("신청서", "euc-kr"), "신청서"),
        with_subject("utf-16", word("申报材料".encode("utf-16"), "utf-16"), "申报材料"),
        with_subject("control characters and line breaks inside", word("申报\r\n材料\x00\x1b[31m"), "申报 材料[31m"),
        with_subject(
            "broken byte in utf-8",
            word("申报材料请查收谢谢您".encode()[:12] + b"\xff" + "申报材料请查收谢谢您".encode()[12:]),
            "申报材料\ufffd请查收谢谢您",
            "charset-lossy",
        ),
        with_subject("language mark", word(LONG, "utf-8", "UTF-8*zh"), LONG),
        with_subject("empty", b"", "", chinese=False),
        with_subject("empty word", b"=?utf-8?B??=", "", chinese=False),
        with_subject("full-width reply mark", word("回复：Re：申报材料"), "回复：Re：申报材料"),
    ]


def senders() -> list[Golden]:
    name = "浙江堃昇机械有限公司"
    return [
        with_sender("QQ's quoted word", b'"' + word(name, GB, "gb18030") + b'" <a@qq.com>', (name, "a@qq.com")),
        with_sender("word without quotes", word(name, GB, "gb2312") + b" <a@163.com>", (name, "a@163.com")),
        with_sender("no blank before the address", word(name) + b"<a@163.com>", (name, "a@163.com")),
        with_sender("raw GBK name", name.encode(GB) + b" <a@163.com>", (name, "a@163.com"), "header-raw-8bit"),
        with_sender(
            "raw UTF-8 name in quotes", b'"' + name.encode() + b'" <a@163.com>', (name, "a@163.com"), "header-raw-8bit"
        ),
        with_sender("address only", b"a@163.com", ("", "a@163.com"), chinese=False),
        with_sender("address in brackets only", b"<A@163.COM>", ("", "a@163.com"), chinese=False),
        with_sender("name in a comment", b"a@163.com (" + word("张三") + b")", ("张三", "a@163.com")),
        with_sender("comma inside the encoded name", word("张,三") + b" <a@163.com>", ("张,三", "a@163.com")),
        with_sender("comma inside quotes", b'"Zhang, San" <a@163.com>', ("Zhang, San", "a@163.com"), chinese=False),
        with_sender(
            "escaped quotes in the name",
            b'"Zhang \\"Lao\\" San" <a@163.com>',
            ('Zhang "Lao" San', "a@163.com"),
            chinese=False,
        ),
        with_sender("bracket never closed", word("张三") + b" <a@163.com", ("张三", "a@163.com")),
        with_sender("full-width brackets", "张三＜a@163.com＞".encode(GB), ("张三", "a@163.com"), "header-raw-8bit"),
        with_sender("address as its own name", b'"a@163.com" <a@163.com>', ("a@163.com", "a@163.com"), chinese=False),
        with_sender(
            "another address as name", b'"boss@gov.cn" <a@163.com>', ("boss@gov.cn", "a@163.com"), chinese=False
        ),
        with_sender("semicolon between two", b"a@163.com; b@163.com", ("", "a@163.com"), chinese=False),
        with_sender(
            "words cut inside a character", words(name, GB, [3, 9], "gb2312") + b" <a@163.com>", (name, "a@163.com")
        ),
        with_sender("folded before the address", word(name) + b"\r\n\t<a@163.com>", (name, "a@163.com")),
        with_sender("blanks inside the address", b"Zhang <a @ 163.com>", ("Zhang", "a@163.com"), chinese=False),
        with_sender("name without an address", word("张三"), ("张三", "")),
        with_sender("group", b"team: a@163.com, b@163.com;", ("", "a@163.com"), chinese=False),
        with_sender("encoded address", word("张三 <a@163.com>"), ("张三", "a@163.com")),
    ]


def from_lines(name: str, lines: list[bytes], body: bytes, **expected) -> Golden:
    return golden("header: " + name, CRLF.join(lines) + CRLF + CRLF + body, **expected)


FROM = b"From: " + word("张三") + b" <zhangsan@163.com>"
SUBJ = b"Subject: " + word("申报材料")
KIND = PLAIN.split(CRLF)


def blocks() -> list[Golden]:
    usual = [FROM, SUBJ, *KIND]
    both = CRLF.join(usual)
    return [
        from_lines(
            "a line without a colon in the middle",
            [FROM, b"this line is broken", SUBJ, *KIND],
            BODY,
            problems=["header-bad-line"],
            chinese=False,
        ),
        from_lines(
            "a raw GBK line without a colon",
            [FROM, "坏行没有冒号".encode(GB), SUBJ, *KIND],
            BODY,
            problems=["header-bad-line"],
        ),
        from_lines(
            "a folded subject that lost its blank",
            [FROM, b"Subject: " + word("申报"), word("材料"), *KIND],
            BODY,
            problems=["header-bad-line"],
        ),
        golden(
            "header: bare line feeds", both.replace(CRLF, b"\n") + b"\n\n" + BODY.replace(CRLF, b"\n"), chinese=False
        ),
        golden(
            "header: bare carriage returns",
            both.replace(CRLF, b"\r") + b"\r\r" + BODY.replace(CRLF, b"\r"),
            chinese=False,
        ),
        golden("header: mixed line ends", both.replace(CRLF, b"\n", 1) + b"\n\r\n" + BODY, chinese=False),
        golden(
            "header: mbox line first",
            b"From zhangsan@163.com Thu May 28 10:20:30 2026\r\n" + both + CRLF * 2 + BODY,
            chinese=False,
        ),
        golden("header: blank lines first", CRLF * 2 + both + CRLF * 2 + BODY, chinese=False),
        golden("header: byte order mark first", b"\xef\xbb\xbf" + both + CRLF * 2 + BODY, chinese=False),
        golden(
            "header: no blank line before the words",
            CRLF.join([FROM, SUBJ, b"Content-Type: text/plain; charset=gbk"])
            + CRLF
            + "您好，请查收。".encode(GB)
            + CRLF,
            text="您好，请查收。\n",
            problems=["header-no-blank-line"],
        ),
        golden(
            "header: no header at all",
            "您好，请查收附件。".encode(GB),
            sender=("", ""),
            subject="",
            problems=["charset-missing", "header-no-blank-line", "mail-no-headers"],
        ),
        golden(
            "header: empty mail", b"", sender=("", ""), subject="", text="", problems=["mail-no-headers"], chinese=False
        ),
        golden("header: header only", both + CRLF, text="", chinese=False),
        from_lines("subject twice, the first counts", [FROM, SUBJ, b"Subject: other", *KIND], BODY, chinese=False),
        from_lines(
            "two senders",
            [FROM, b"From: boss@gov.cn", SUBJ, *KIND],
            BODY,
            problems=["header-two-senders"],
            chinese=False,
        ),
        from_lines(
            "no From but Sender",
            [b"Sender: zhangsan@163.com", SUBJ, *KIND],
            BODY,
            sender=("", "zhangsan@163.com"),
            chinese=False,
        ),
        from_lines("blank before the colon", [FROM, SUBJ.replace(b":", b" :", 1), *KIND], BODY, chinese=False),
        from_lines(
            "names in capitals",
            [
                FROM.replace(b"From", b"FROM"),
                SUBJ.replace(b"Subject", b"SUBJECT"),
                *[line.replace(b"Content", b"CONTENT") for line in KIND],
            ],
            BODY,
            chinese=False,
        ),
        from_lines("empty From", [b"From: ", SUBJ, *KIND], BODY, sender=("", ""), chinese=False),
        from_lines("NUL in a header", [FROM, SUBJ + b"\0", *KIND], BODY, chinese=False),
        from_lines(
            "an unreadable date",
            [FROM, SUBJ, "Date: 二〇二六年五月".encode(GB), *KIND],
            BODY,
            problems=["date-unreadable"],
        ),
        from_lines(
            "a header of ten thousand bytes", [FROM, SUBJ, b"X-Long: " + b"a" * 10_000, *KIND], BODY, chinese=False
        ),
    ]


def goldens() -> list[Golden]:
    return [*subjects(), *senders(), *blocks()]
