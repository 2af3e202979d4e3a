"""How mails are put together: nesting, boundaries, truncation, mails in mails, and the shapes of the providers."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import binascii
import quopri

from tests.goldens_mail.kit import (
    CRLF,
    DOCX,
    JPG,
    PDF,
    PNG,
    TEXT,
    ZIP,
    Golden,
    b64,
    file_part,
    golden,
    head,
    inner,
    joined,
    multipart,
    plain_part,
    word,
    words,
)  # fmt: skip

GB = "gb18030"
APDF = file_part(PDF, b"Content-Type: application/pdf; name=a.pdf", b"Content-Disposition: attachment; filename=a.pdf")
BJPG = file_part(JPG, b"Content-Type: image/jpeg; name=b.jpg", b"Content-Disposition: attachment; filename=b.jpg")
BOTH = [("a.pdf", PDF), ("b.jpg", JPG)]
B = b"----=_Part_1_2.3"


def whole(kind: bytes, body: bytes) -> bytes:
    return head(*([kind] if kind else [])) + CRLF + body


def shape(name: str, raw: bytes, *problems: str, **more) -> Golden:
    more.setdefault("files", BOTH)
    more.setdefault("chinese", False)
    return golden("shape: " + name, raw, problems=problems, **more)


def boundaries() -> list[Golden]:
    parts = [plain_part(), APDF, BJPG]
    mixed = b"Content-Type: multipart/mixed"
    body = joined(parts, B)
    tricky = b"=_(strange)+'?.*[x]"
    return [
        shape("three parts", multipart(*parts)),
        shape("boundary without quotes", whole(mixed + b"; boundary=" + B, body)),
        shape("boundary of regular-expression characters", multipart(*parts, boundary=tricky)),
        shape("boundary with blanks inside", multipart(*parts, boundary=b"next part here")),
        shape(
            "boundary folded inside its quotes, a blank really there",
            whole(mixed + b';\r\n boundary="next\r\n part"', joined(parts, b"next part")),
        ),
        shape(
            "boundary folded inside its quotes, no blank there",
            whole(mixed + b';\r\n boundary="nextpart\r\n \t0001"', joined(parts, b"nextpart0001")),
            "structure-disputed",
        ),
        shape(
            "blanks behind the delimiters",
            whole(mixed + b'; boundary="' + B + b'"', body.replace(B + CRLF, B + b"  \t\r\n")),
        ),
        shape("no boundary declared", whole(mixed, body), "boundary-guessed", "structure-disputed"),
        shape(
            "another boundary declared",
            whole(mixed + b'; boundary="other"', body),
            "boundary-guessed",
            "structure-disputed",
        ),
        shape("no Content-Type at all", whole(b"", body), "boundary-undeclared", "structure-disputed"),
        shape(
            "text/plain declared, parts inside",
            whole(b"Content-Type: text/plain", body),
            "boundary-undeclared",
            "structure-disputed",
        ),
        shape(
            "Content-Type twice, the multipart second",
            whole(b'Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary="' + B + b'"', body),
            "header-two-content-types",
            "structure-disputed",
        ),
        shape(
            "Content-Type twice, the multipart first",
            whole(mixed + b'; boundary="' + B + b'"\r\nContent-Type: text/html', body),
            "header-two-content-types",
        ),
        shape("a comma behind the closing line", whole(mixed + b'; boundary="' + B + b'"', body.rstrip() + b",\r\n")),
        shape(
            "parts behind the closing line",
            whole(mixed + b'; boundary="' + B + b'"', joined([plain_part(), APDF], B) + joined([BJPG], B)),
            "structure-disputed",
        ),
        shape(
            "words before the first part",
            whole(mixed + b'; boundary="' + B + b'"', b"This is a multi-part message in MIME format.\r\n\r\n" + body),
        ),
        shape(
            "much before the first part",
            whole(mixed + b'; boundary="' + B + b'"', b"hidden words " * 60 + CRLF + body),
            "bytes-outside-parts",
        ),
        shape(
            "much behind the last part",
            whole(mixed + b'; boundary="' + B + b'"', body + CRLF + b"hidden words " * 60),
            "bytes-outside-parts",
        ),
        shape("bare line feeds", multipart(*parts).replace(b"\r\n", b"\n")),
        shape("an empty part between", multipart(plain_part(), APDF, b"", BJPG)),
        shape(
            "a part without headers between",
            multipart(plain_part(), APDF, CRLF + "附言".encode(), BJPG),
            "charset-missing",
            text=TEXT + "\n附言",
            chinese=True,
        ),
        shape(
            "a part whose blank line is missing",
            multipart(
                plain_part(),
                APDF,
                b"Content-Type: image/jpeg; name=b.jpg\r\nContent-Transfer-Encoding: base64\r\n" + b64(JPG),
            ),
            "header-no-blank-line",
        ),
        shape(
            "boundary that begins another boundary",
            multipart(plain_part(), inner([APDF, BJPG], b"part_1", b"mixed"), boundary=b"part"),
        ),
        shape(
            "the same boundary inside and outside",
            multipart(plain_part(), inner([APDF], B, b"mixed"), BJPG),
            "boundary-missing",
            "structure-disputed",
        ),
        shape(
            "multipart without any boundary line",
            whole(mixed + b"; boundary=x", TEXT.encode()),
            "boundary-missing",
            "charset-missing",
            files=[],
        ),
        shape(
            "a broken header line inside a part",
            multipart(plain_part(), APDF.replace(b"Content-Disposition", b"broken line\r\nContent-Disposition"), BJPG),
            "header-bad-line",
        ),
        shape(
            "a whole multipart in base64",
            whole(mixed + b'; boundary="' + B + b'"\r\nContent-Transfer-Encoding: base64', b64(body)),
        ),
    ]


def damage() -> list[Golden]:
    full = multipart(plain_part(), APDF, BJPG)
    at = full.index(b"Content-Type: image/jpeg")
    unclosed = multipart(plain_part(), APDF, BJPG, close=False)
    nested = inner([APDF, BJPG], b"inner", b"mixed").replace(b"--inner--\r\n", b"")
    half_text = b64(PDF)[:520]
    half = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + half_text
    joined_text = half_text.replace(CRLF, b"")
    data = (
        binascii.a2b_base64(joined_text[: len(joined_text) // 4 * 4])
        if len(joined_text) % 4 < 2
        else binascii.a2b_base64(joined_text + b"=" * (-len(joined_text) % 4))
    )
    told = ["mail-cut"] + (["a.pdf: base64-cut"] if len(joined_text) % 4 else [])
    return [
        shape("closing line missing", unclosed, "mail-cut"),
        shape("cut before the last part", full[: at - 2], "mail-cut", files=BOTH[:1]),
        shape("cut inside a file", multipart(plain_part(), half, close=False), *told, files=[("a.pdf", data)]),
        shape("inner multipart never closed", multipart(plain_part(), nested), "mail-cut"),
        shape(
            "cut in the header",
            head(trace=False).split(b"Date:")[0] + b"Da",
            "header-no-blank-line",
            files=[],
            text="Da",
        ),
        shape(
            "cut inside a delimiter line",
            full[: full.rindex(b"--" + B) + 10],
            "mail-cut",
            "b.jpg: base64-footer",
            "b.jpg: base64-junk",
            files=BOTH,
        ),
    ]


def nested() -> list[Golden]:
    mixed = multipart(
        inner(
            [
                inner(
                    [plain_part(), b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>x</p>"], b"alt", b"alternative"
                ),
                file_part(PNG, b"Content-Type: image/png", None, b"Content-ID: <img1>\r\n"),
            ],
            b"rel",
            b"related",
        ),
        APDF,
        BJPG,
    )
    deep = plain_part()
    for level in range(12):
        deep = inner([deep], b"level%02d" % level, b"mixed")
    mail_inside = (
        head(b"Content-Type: text/plain; charset=gbk", sender=b"li@qq.com") + CRLF + "里面的信".encode(GB) + CRLF
    )
    rfc822 = (
        b"Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="
        + word("转发.eml")
        + CRLF
        + CRLF
        + mail_inside
    )
    inline822 = b"Content-Type: message/rfc822\r\n\r\n" + mail_inside
    coded822 = b"Content-Type: message/rfc822; name=in.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(
        mail_inside
    )
    octets = file_part(
        mail_inside,
        b"Content-Type: application/octet-stream",
        b"Content-Disposition: attachment; filename=" + word("原信.eml"),
    )
    status = b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.qq.com\r\n\r\nFinal-Recipient: rfc822; a@b.cn\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    return [
        shape("mixed, related and alternative", mixed, files=[("附件1-2.png", PNG), *BOTH], html="<p>x</p>"),
        shape("twelve multiparts in one another", multipart(deep, APDF, BJPG)),
        shape(
            "a mail attached keeps its exact octets",
            multipart(plain_part(), rfc822),
            files=[("转发.eml", mail_inside[:-2])],
            chinese=True,
        ),
        shape(
            "a mail inline without a name",
            multipart(plain_part(), inline822, APDF),
            files=[("附件2.eml", mail_inside[:-2]), ("a.pdf", PDF)],
            chinese=True,
        ),
        shape(
            "a mail attached in base64",
            multipart(plain_part(), coded822),
            files=[("in.eml", mail_inside)],
            chinese=True,
        ),
        shape(
            "a mail as octet-stream", multipart(plain_part(), octets), files=[("原信.eml", mail_inside)], chinese=True
        ),
        shape(
            "digest",
            multipart(b"\r\n" + mail_inside, b"\r\n" + mail_inside, subtype=b"digest"),
            files=[("附件1.eml", mail_inside[:-2]), ("附件2.eml", mail_inside[:-2])],
            text="",
            chinese=True,
        ),
        shape(
            "the whole mail is a mail",
            head(b"Content-Type: message/rfc822") + CRLF + mail_inside,
            files=[("附件1.eml", mail_inside)],
            text="",
            chinese=True,
        ),
        shape(
            "delivery report",
            multipart(
                plain_part(),
                status,
                b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <zhengji.x@163.com>\r\n",
                subtype=b"report",
            ),
            files=[("附件2.txt", status.split(CRLF * 2, 1)[1][:-2]), ("附件3.txt", b"Message-ID: <zhengji.x@163.com>")],
            chinese=False,
        ),
        shape(
            "signed mail",
            multipart(
                inner([plain_part(), APDF], b"sig", b"mixed"),
                file_part(
                    b"\x30\x80sig",
                    b'Content-Type: application/pkcs7-signature; name="smime.p7s"',
                    b"Content-Disposition: attachment; filename=smime.p7s",
                ),
                subtype=b"signed",
            ),
            files=[("a.pdf", PDF), ("smime.p7s", b"\x30\x80sig")],
        ),
        shape(
            "a piece of a split mail",
            multipart(
                plain_part(), b"Content-Type: message/partial; id=x; number=1; total=3\r\n\r\nFrom: a@b\r\n\r\nx"
            ),
            "附件2.eml: mail-in-pieces",
            files=[("附件2.eml", b"From: a@b\r\n\r\nx")],
        ),
        shape(
            "a file that lies elsewhere",
            multipart(
                plain_part(),
                b'Content-Type: message/external-body; access-type=URL; URL="http://x/"; name=a.pdf\r\n\r\nContent-Type: application/pdf\r\n\r\n',
            ),
            "a.pdf: file-elsewhere",
            files=[("a.pdf", b"Content-Type: application/pdf\r\n")],
        ),
        shape(
            "an encrypted mail",
            head(
                b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
                b"Content-Transfer-Encoding: base64",
            )
            + CRLF
            + b64(b"\x30\x80cms"),
            "smime.p7m: mail-encrypted",
            files=[("smime.p7m", b"\x30\x80cms")],
            text="",
        ),
        shape(
            "a mail sealed by PGP",
            multipart(
                b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
                file_part(b"-----BEGIN PGP", b"Content-Type: application/octet-stream; name=encrypted.asc"),
                subtype=b"encrypted",
            ),
            "mail-encrypted",
            files=[("附件1.bin", b"Version: 1"), ("encrypted.asc", b"-----BEGIN PGP")],
            text="",
        ),
        shape(
            "winmail.dat without a name",
            multipart(plain_part(), file_part(b"\x78\x9f\x3e\x22tnef", b"Content-Type: application/ms-tnef", None)),
            files=[("winmail.dat", b"\x78\x9f\x3e\x22tnef")],
        ),
        shape(
            "an invalid type with a name",
            multipart(plain_part(), file_part(PDF, b'Content-Type: pdf; name="a.pdf"'), BJPG),
        ),
        shape(
            "an invalid type without a name is text",
            multipart(b"Content-Type: text\r\n\r\n" + TEXT.encode(), APDF, BJPG),
            "charset-missing",
            chinese=True,
        ),
    ]


def netease() -> Golden:
    plain = b"Content-Type: text/plain; charset=GBK\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(
        "尊敬的老师：\n    附件为我公司申报材料。\n".encode(GB)
    )
    page = b"Content-Type: text/html; charset=GBK\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(
        "<div>尊敬的老师：</div>".encode(GB)
    )
    zipped = file_part(
        ZIP,
        b"Content-Type: application/x-zip-compressed; name=" + word("浙江堃昇申报材料.zip", GB, "gb2312", "B"),
        b'Content-Disposition: attachment; filename="' + word("浙江堃昇申报材料.zip", GB, "gb2312") + b'"',
    )
    raw = head(
        b"X-Mailer: Coremail Webmail Server Version XT5.0.14",
        b'Content-Type: multipart/mixed; \r\n\tboundary="' + B + b'"',
        b"X-CM-TRANSID:TcCowABn9.56047S2",
        b"X-Coremail-Antispam: 1Uf129KBjDUn29KB7ZKAUJ",
        sender=word("浙江堃昇", GB, "GBK") + b" <kunsheng@163.com>",
        subject=word("申报材料", GB, "GBK"),
    )
    return golden(
        "provider: 163 web mail",
        raw + CRLF + joined([inner([plain, page], b"----=_Part_9", b"alternative"), zipped], B),
        sender=("浙江堃昇", "kunsheng@163.com"),
        text="尊敬的老师：\n    附件为我公司申报材料。\n",
        html="<div>尊敬的老师：</div>",
        files=[("浙江堃昇申报材料.zip", ZIP)],
    )


def tencent() -> Golden:
    b = b"----=_NextPart_665A1B2C_0E3F4A50_5D6C7B8A"
    plain = b'Content-Type: text/plain;\r\n\tcharset="gb18030"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64(
        "材料请查收，李喆".encode(GB)
    )
    page = b'Content-Type: text/html;\r\n\tcharset="gb18030"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64(
        "<div>材料请查收，李喆</div>".encode(GB)
    )
    name = word("推荐表（盖章）.pdf", GB, "gb18030")
    pdf = file_part(
        PDF,
        b'Content-Type: application/octet-stream;\r\n\tcharset="gb18030";\r\n\tname="' + name + b'"',
        b'Content-Disposition: attachment; filename="' + name + b'"',
    )
    raw = head(
        b"X-QQ-MIME: TCMime 1.0 by Tencent",
        b"X-Mailer: QQMail 2.x",
        b'Content-Type: multipart/mixed;\r\n\tboundary="' + b + b'"',
        sender=b'"' + word("李喆", GB, "gb18030") + b'" <12345678@qq.com>',
        subject=word("申报材料", GB, "gb18030"),
    )
    return golden(
        "provider: QQ mail",
        raw
        + CRLF
        + b"This is a multi-part message in MIME format.\r\n\r\n"
        + joined([inner([plain, page], b + b"_alt", b"alternative"), pdf], b),
        sender=("李喆", "12345678@qq.com"),
        text="材料请查收，李喆",
        html="<div>材料请查收，李喆</div>",
        files=[("推荐表（盖章）.pdf", PDF)],
    )


def foxmail() -> Golden:
    b = b"----=_001_NextPart123456789012_=----"
    text = "您好！\r\n\r\n    材料见附件。\r\n\r\n\r\n浙江堃昇机械有限公司\r\n"
    plain = (
        b'Content-Type: text/plain;\r\n\tcharset="GB2312"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        + quopri.encodestring(text.encode(GB)).replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
    )
    docx = file_part(
        DOCX,
        b'Content-Type: application/octet-stream;\r\n\tname="' + word("案例报告.docx", GB, "GB2312") + b'"',
        b'Content-Disposition: attachment;\r\n\tfilename="' + word("案例报告.docx", GB, "GB2312") + b'"',
    )
    raw = head(
        b"X-Priority: 3",
        b"X-Mailer: Foxmail 7.2.25.259[cn]",
        b'Content-Type: multipart/mixed;\r\n\tboundary="' + b + b'"',
        sender=b'"kunsheng@163.com" <kunsheng@163.com>',
        subject=word("申报材料", GB, "GB2312"),
    )
    return golden(
        "provider: Foxmail",
        raw + CRLF + b"This is a multi-part message in MIME format.\r\n\r\n" + joined([plain, docx], b),
        sender=("kunsheng@163.com", "kunsheng@163.com"),
        text=text.replace("\r\n", "\n")[:-1],
        files=[("案例报告.docx", DOCX)],
    )


def apple() -> Golden:
    b = b"Apple-Mail=_1A2B3C4D-5E6F-7081-92A3-B4C5D6E7F809"
    jpg = file_part(
        JPG,
        b"Content-Type: image/jpeg;\r\n\tname*=utf-8''%E8%BD%A6%E9%97%B4.jpeg;\r\n\tx-unix-mode=0644",
        b"Content-Disposition: inline;\r\n\tfilename*=utf-8''%E8%BD%A6%E9%97%B4.jpeg",
    )
    pdf = file_part(
        PDF,
        b'Content-Type: application/pdf;\r\n\tx-unix-mode=0644;\r\n\tname="'
        + words("浙江堃昇申报推荐表.pdf", "utf-8", [12])
        + b'"',
        b"Content-Disposition: attachment;\r\n\tfilename*=utf-8''%E6%B5%99%E6%B1%9F%E5%A0%83%E6%98%87%E7%94%B3%E6%8A%A5%E6%8E%A8%E8%8D%90%E8%A1%A8.pdf",
    )
    text = b"Content-Type: text/plain;\r\n\tcharset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    raw = head(
        b"X-Mailer: Apple Mail (2.3774.500.171.1.1)", b'Content-Type: multipart/mixed;\r\n\tboundary="' + b + b'"'
    )
    return golden(
        "provider: Apple Mail",
        raw + CRLF + joined([text + "您好，照片如下\r\n\r\n".encode(), jpg, text + "\r\n谢谢\r\n".encode(), pdf], b),
        text="您好，照片如下\n\n\n谢谢",
        files=[("车间.jpeg", JPG), ("浙江堃昇申报推荐表.pdf", PDF)],
    )


def outlook() -> Golden:
    b = b"_004_TYAPR01MB1234ABCD_"
    page = (
        b'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        + quopri.encodestring("<p>王堃敬上</p>".encode(GB)).replace(b"\n", b"\r\n")
    )
    plain = (
        b'Content-Type: text/plain; charset="gb2312"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        + quopri.encodestring("王堃敬上\r\n".encode(GB)).replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
    )
    logo = file_part(
        PNG,
        b'Content-Type: image/png; name="image001.png"',
        b'Content-Disposition: inline; filename="image001.png"; size=200;\r\n\tcreation-date="Thu, 28 May 2026 02:20:00 GMT"',
        b"Content-ID: <image001.png@01DAB0C1.23456780>\r\n",
    )
    pdf = file_part(
        PDF,
        b'Content-Type: application/pdf; name="' + word("推荐表.pdf", GB, "gb2312") + b'"',
        b"Content-Description: "
        + word("推荐表.pdf", GB, "gb2312")
        + b'\r\nContent-Disposition: attachment;\r\n\tfilename="'
        + word("推荐表.pdf", GB, "gb2312")
        + b'"; size=801;\r\n\tcreation-date="Thu, 28 May 2026 02:20:00 GMT"',
    )
    body = joined([inner([inner([plain, page], b"_000_alt", b"alternative"), logo], b"_005_rel", b"related"), pdf], b)
    raw = head(
        b'Content-Type: multipart/mixed;\r\n\tboundary="' + b + b'"',
        b"X-MS-Has-Attach: yes",
        subject=words("申报材料", GB, [4], "gb2312"),
    )
    return golden(
        "provider: Outlook",
        raw + CRLF + body,
        text="王堃敬上",
        html="<p>王堃敬上</p>",
        files=[("image001.png", PNG), ("推荐表.pdf", PDF)],
    )


def coremail_app() -> Golden:
    b = b"__MailMaster_Part__"
    text = "请查收\r\n\r\n\r\n| |\r\n李四\r\n|\r\n|\r\nlisi@163.com\r\n|\r\n签名由网易邮箱大师定制\r\n"
    plain = (
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\n\r\n"
        + b64(text.encode())
    )
    photo = file_part(
        JPG,
        b'Content-Type: image/jpeg; name="' + word("IMG_20260520 车间.jpg") + b'"',
        b'Content-Disposition: attachment; filename="' + word("IMG_20260520 车间.jpg") + b'"',
    )
    return golden(
        "provider: NetEase mail master on a phone",
        head(b"X-Mailer: Mail Master/4.17.6 (iOS 17.5)", b"Content-Type: multipart/mixed; boundary=" + b)
        + CRLF
        + joined([plain, photo], b),
        text=text.replace("\r\n", "\n"),
        files=[("IMG_20260520 车间.jpg", JPG)],
    )


def goldens() -> list[Golden]:
    return [*boundaries(), *damage(), *nested(), netease(), tencent(), foxmail(), apple(), outlook(), coremail_app()]
