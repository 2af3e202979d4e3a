"""The words of the mail: charsets, labels, HTML, format=flowed."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

from tests.goldens_mail.kit import (
    CRLF,
    PDF,
    PNG,
    TEXT,
    Golden,
    b64,
    file_part,
    golden,
    head,
    inner,
    multipart,
    plain_part,
    word,
)

GB = "gb18030"
RARE = "浙江朱镕堃昇精密机械有限公司李喆、王堃、陈玥：\r\n材料见附件，请查收。\r\n"
READ = RARE.replace("\r\n", "\n")


def text(
    name: str, label: bytes | None, body: bytes, expected: str, *problems: str, cte: bytes = b"8bit", **more
) -> Golden:
    lines = [
        b"Content-Type: text/plain" + (b"; charset=" + label if label else b""),
        b"Content-Transfer-Encoding: " + cte,
    ]
    return golden("body: " + name, head(*lines) + CRLF + body, text=expected, problems=problems, **more)


def page(name: str, kind: bytes, body: bytes, source: str, expected: str, *problems: str, **more) -> Golden:
    return golden(
        "body: " + name,
        head(kind, b"Content-Transfer-Encoding: 8bit") + CRLF + body,
        text=expected,
        html=source,
        problems=problems,
        **more,
    )


def charsets() -> list[Golden]:
    return [
        text("gb2312 label on GB18030", b"gb2312", RARE.encode(GB), READ),
        text("GBK label", b"GBK", RARE.encode(GB), READ),
        text("gb18030 label", b"gb18030", RARE.encode(GB), READ),
        text("x-gbk label", b"x-gbk", RARE.encode(GB), READ),
        text("cp936 label in quotes", b'"cp936"', RARE.encode(GB), READ),
        text("windows-936 label", b"windows-936", RARE.encode(GB), READ),
        text("gb_2312-80 label", b"gb_2312-80", RARE.encode(GB), READ),
        text("utf-8 label", b"UTF-8", RARE.encode(), READ),
        text("utf8 label without the dash", b"utf8", RARE.encode(), READ),
        text("utf-8 with a byte order mark", b"utf-8", b"\xef\xbb\xbf" + RARE.encode(), READ),
        text("no charset, GBK", None, RARE.encode(GB), READ, "charset-missing"),
        text("no charset, UTF-8", None, RARE.encode(), READ, "charset-missing"),
        text("us-ascii said, GBK meant", b"us-ascii", RARE.encode(GB), READ, "charset-missing"),
        text("x-unknown", b"x-unknown", RARE.encode(GB), READ, "charset-missing"),
        text("an invented label", b"chinese-simplified-office", RARE.encode(GB), READ, "charset-unknown"),
        text("unknown-8bit", b"unknown-8bit", RARE.encode(), READ, "charset-missing"),
        text("utf-8 said, GBK meant", b"utf-8", RARE.encode(GB), READ, "charset-mislabelled"),
        text("gb2312 said, UTF-8 meant", b"gb2312", RARE.encode(), READ, "charset-mislabelled"),
        text("iso-8859-1 said, UTF-8 meant", b"iso-8859-1", RARE.encode(), READ, "charset-mislabelled"),
        text(
            "iso-8859-1 said, GB2312 meant",
            b"ISO-8859-1",
            "您好，材料请查收".encode("gb2312"),
            "您好，材料请查收",
            "charset-mislabelled",
        ),
        text(
            "windows-1252 said and meant",
            b"windows-1252",
            "Müller “déjà vu”".encode("cp1252"),
            "Müller “déjà vu”",
            chinese=False,
        ),
        text("Big5", b"big5", "您好，請查收附件。".encode("big5"), "您好，請查收附件。"),
        text("Big5 said, GBK meant", b"big5", "镕堃昇：您好".encode(GB), "镕堃昇：您好", "charset-mislabelled"),
        text("short GBK that is valid UTF-8", None, "图片".encode(GB), "图片", "charset-missing"),
        text("short GBK that is valid UTF-8, labelled", b"gb2312", "图片".encode(GB), "图片"),
        text("short GBK that is valid UTF-8, mislabelled", b"utf-8", "图片".encode(GB), "图片", "charset-mislabelled"),
        text("French in UTF-8 stays French", b"utf-8", "Café déjà".encode(), "Café déjà", chinese=False),
        text("Russian in UTF-8 stays Russian", b"utf-8", "Где стол".encode(), "Где стол", chinese=False),
        text("Greek in UTF-8 stays Greek", b"utf-8", "Καλημέρα".encode(), "Καλημέρα", chinese=False),
        text(
            "UTF-8 cut inside its last character",
            b"utf-8",
            "您好，请查收附件谢谢".encode()[:-1],
            "您好，请查收附件谢\ufffd",
            "charset-lossy",
        ),
        text("GBK with one stray byte", b"gb2312", RARE.encode(GB) + b"\xff", READ + "\ufffd", "charset-lossy"),
        text(
            "a GBK answer above a UTF-8 quotation",
            b"gbk",
            "好的，谢谢，已收悉\r\n> ".encode(GB) + "请补正：推荐表。\r\n".encode() + b"\xb0\xa1\xb0\xa2\r\n",
            "好的，谢谢，已收悉\n> 请补正：推荐表。\n啊阿\n",
            "charset-mixed",
        ),
        text(
            "utf-16 with its mark, base64", b"utf-16", b64(("\ufeff" + RARE).encode("utf-16-le")), READ, cte=b"base64"
        ),
        text("hz", b"hz-gb-2312", "您好，谢谢".encode("hz"), "您好，谢谢", cte=b"7bit"),
        text("utf-7", b"utf-7", "您好，谢谢".encode("utf-7"), "您好，谢谢", cte=b"7bit"),
        text("iso-2022-jp", b"iso-2022-jp", "申請書".encode("iso-2022-jp"), "申請書", cte=b"7bit"),
        text("euro sign and four-byte characters", b"gb18030", "€𠮷㐂".encode(GB), "€𠮷㐂"),
        text("NUL between the words", b"gbk", "您\0好".encode("gbk"), "您好"),
        text("GBK in base64", b"gb2312", b64(RARE.encode(GB)), READ, cte=b"base64"),
    ]


def pages() -> list[Golden]:
    source = "<html><body><div>您好，</div><div>材料<b>见附件</b>。</div></body></html>"
    expected = "您好，\n材料见附件。"
    meta = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body><p>镕堃昇</p></body></html>'
    table = "<table><tr><td>企业</td><td>堃昇机械</td></tr></table>"
    alternative = inner(
        [plain_part(), b"Content-Type: text/html; charset=utf-8\r\n\r\n" + f"<p>{TEXT}</p>".encode()],
        b"alt",
        b"alternative",
    )
    only_html = inner(
        [plain_part("  "), b"Content-Type: text/html; charset=utf-8\r\n\r\n" + f"<p>{TEXT}</p>".encode()],
        b"alt",
        b"alternative",
    )
    related = inner(
        [
            b"Content-Type: text/html; charset=utf-8\r\n\r\n" + f'<p>{TEXT}</p><img src="cid:logo@1">'.encode(),
            file_part(
                PNG,
                b"Content-Type: image/png; name=logo.png",
                b"Content-Disposition: inline; filename=logo.png",
                b"Content-ID: <logo@1>\r\n",
            ),
        ],
        b"rel",
        b"related",
    )
    return [
        page("HTML only", b"Content-Type: text/html; charset=utf-8", source.encode(), source, expected),
        page("HTML only in GBK", b"Content-Type: text/html; charset=gb2312", source.encode(GB), source, expected),
        page("HTML whose charset stands in its meta", b"Content-Type: text/html", meta.encode(GB), meta, "镕堃昇"),
        page(
            "HTML without any charset",
            b"Content-Type: text/html",
            source.encode(GB),
            source,
            expected,
            "charset-missing",
        ),
        page(
            "HTML with entities",
            b"Content-Type: text/html; charset=utf-8",
            b"<p>&#24744;&#22909;&nbsp;&lt;A&amp;B&gt;</p>",
            "<p>&#24744;&#22909;&nbsp;&lt;A&amp;B&gt;</p>",
            "您好 <A&B>",
        ),
        page(
            "HTML with style and script",
            b"Content-Type: text/html; charset=utf-8",
            "<style>p{color:red}</style><script>alert(1)</script><p>您好</p>".encode(),
            "<style>p{color:red}</style><script>alert(1)</script><p>您好</p>",
            "您好",
        ),
        page("HTML table", b"Content-Type: text/html; charset=utf-8", table.encode(), table, "企业  堃昇机械"),
        page(
            "HTML that calls itself plain",
            b"Content-Type: text/plain; charset=utf-8",
            source.encode(),
            source,
            expected,
        ),
        page("empty HTML", b"Content-Type: text/html; charset=utf-8", b"", "", "", chinese=False),
        page(
            "HTML with an XML declaration",
            b"Content-Type: text/html; charset=utf-8",
            ('<?xml version="1.0" encoding="gb2312"?>' + source).encode(),
            '<?xml version="1.0" encoding="gb2312"?>' + source,
            expected,
        ),
        golden(
            "body: plain and HTML, the plain one is the text",
            multipart(alternative, file_part(PDF, b"Content-Type: application/pdf; name=a.pdf")),
            html=f"<p>{TEXT}</p>",
            files=[("a.pdf", PDF)],
        ),
        golden("body: empty plain beside HTML", multipart(only_html), html=f"<p>{TEXT}</p>"),
        golden(
            "body: HTML with its picture",
            multipart(related),
            html=f'<p>{TEXT}</p><img src="cid:logo@1">',
            files=[("logo.png", PNG)],
        ),
    ]


def arrangements() -> list[Golden]:
    flowed = b"Content-Type: text/plain; charset=utf-8; format=flowed"
    signature = plain_part("-- \n张三")
    return [
        golden(
            "body: format=flowed",
            head(flowed, b"Content-Transfer-Encoding: 8bit")
            + CRLF
            + "这一行 \r\n接着写。\r\n> 旧 \r\n> 信\r\n-- \r\n张三\r\n".encode(),
            text="这一行 接着写。\n> 旧 信\n-- \n张三\n",
        ),
        golden(
            "body: format=flowed with delsp",
            head(flowed + b"; delsp=yes", b"Content-Transfer-Encoding: 8bit")
            + CRLF
            + "这一行 \r\n接着写。\r\n".encode(),
            text="这一行接着写。\n",
        ),
        golden(
            "body: words before and behind a file (Apple Mail)",
            multipart(
                plain_part("前面的话\n"),
                file_part(
                    PDF, b"Content-Type: application/pdf; name=a.pdf", b"Content-Disposition: inline; filename=a.pdf"
                ),
                plain_part("后面的话"),
            ),
            text="前面的话\n\n后面的话",
            files=[("a.pdf", PDF)],
        ),
        golden("body: a footer of the mailing program", multipart(plain_part(), signature), text=TEXT + "\n-- \n张三"),
        golden(
            "body: a text file is a file",
            multipart(
                plain_part(),
                file_part(
                    "说明".encode(GB),
                    b"Content-Type: text/plain; charset=gbk",
                    b"Content-Disposition: attachment; filename=" + word("说明.txt"),
                ),
            ),
            files=[("说明.txt", "说明".encode(GB))],
        ),
        golden(
            "body: an HTML file is a file",
            multipart(
                plain_part(),
                file_part(b"<p>x</p>", b"Content-Type: text/html; name=page.html", b"Content-Disposition: attachment"),
            ),
            files=[("page.html", b"<p>x</p>")],
            chinese=False,
        ),
        golden(
            "body: an unnamed attached text is a file",
            multipart(plain_part(), file_part(b"x", b"Content-Type: text/plain")),
            files=[("附件2.txt", b"x")],
            chinese=False,
        ),
        golden(
            "body: a calendar is a file",
            multipart(
                plain_part(), file_part(b"BEGIN:VCALENDAR", b"Content-Type: text/calendar; method=REQUEST", None)
            ),
            files=[("附件2.ics", b"BEGIN:VCALENDAR")],
            chinese=False,
        ),
        golden(
            "body: no words, only a file",
            multipart(file_part(PDF, b"Content-Type: application/pdf; name=a.pdf")),
            text="",
            files=[("a.pdf", PDF)],
            chinese=False,
        ),
        golden(
            "body: the mail is the file",
            head(b"Content-Type: application/pdf; name=" + word("推荐表.pdf"), b"Content-Transfer-Encoding: base64")
            + CRLF
            + b64(PDF),
            text="",
            files=[("推荐表.pdf", PDF)],
        ),
        golden(
            "body: an unnamed PDF is the mail",
            head(b"Content-Type: application/pdf", b"Content-Transfer-Encoding: base64") + CRLF + b64(PDF),
            text="",
            files=[("附件1.pdf", PDF)],
            chinese=False,
        ),
        golden(
            "body: text that is really a PDF",
            multipart(plain_part(), file_part(PDF, b"Content-Type: text/plain; charset=gbk", None)),
            files=[("附件2.txt", PDF)],
        ),
        golden(
            "body: html attached inline by Outlook without a name",
            multipart(
                b"Content-Type: text/html; charset=gb2312\r\nContent-Disposition: inline\r\n\r\n"
                + "<p>您好</p>".encode(GB)
            ),
            text="您好",
            html="<p>您好</p>",
        ),
        golden(
            "body: two alternatives in Chinese",
            multipart(plain_part("甲"), plain_part("乙"), subtype=b"alternative"),
            text="甲\n乙",
        ),
    ]


def goldens() -> list[Golden]:
    return [*charsets(), *pages(), *arrangements()]
