"""Names and words that two programs encoded are read as they were meant; what is right as it stands is left alone."""

from __future__ import annotations

import base64
import quopri

import pytest

from parsers.mail.headers import decode_words
from parsers.mail.message import decode_mail
from parsers.text.twice import undo_twice
from tests.goldens_mail.kit import PDF, word

NAME = "推荐表（盖章）.pdf"
MOJIBAKE = "推荐表.pdf".encode("gbk").decode("latin-1")
UTF8_AS_1252 = "推荐表.pdf".encode().decode("latin-1")


def b(text: str | bytes, label: str = "utf-8") -> bytes:
    data = text.encode(label) if isinstance(text, str) else text
    return b"=?" + label.encode() + b"?B?" + base64.b64encode(data) + b"?="


MEANT = {
    "GBK taken for Latin-1": (b(MOJIBAKE), "推荐表.pdf"),
    "UTF-8 taken for Latin-1": (b(UTF8_AS_1252), "推荐表.pdf"),
    "a word in a word": (b(b(NAME)), NAME),
    "a word in a word in a word": (b(b(b(NAME))), NAME),
    "GBK in a word of UTF-8": (b(b(NAME, "gbk")), NAME),
    "numeric entities": (b"&#25512;&#33616;&#34920;.pdf", "推荐表.pdf"),
    "entities in hexadecimal": (b"&#x63a8;&#x8350;&#x8868;.pdf", "推荐表.pdf"),
    "escapes of JSON": (b"\\u63a8\\u8350\\u8868.pdf", "推荐表.pdf"),
    "quoted-printable without its word": (b"=E6=8E=A8=E8=8D=90=E8=A1=A8.pdf", "推荐表.pdf"),
    "percent signs encoded again": (b"%25E6%258E%25A8%25E8%258D%2590.pdf", "推荐.pdf"),
    "a word cut at its end": (b(NAME)[:-2], NAME),
    "a word without its last mark": (b(NAME)[:-1], NAME),
    "ISO-2022-CN": (b(b"\x1b$)A\x0eMF<v1m\x0f.pdf", "ISO-2022-CN".lower()), "推荐表.pdf"),
    "ISO-2022-CN without a label": (b"\x1b$)A\x0eMF<v1m\x0f.pdf", "推荐表.pdf"),
    "UTF-7": (b"=?utf-7?Q?+Y6iDUIho-.pdf?=", "推荐表.pdf"),
}


def word_of(value: bytes, label: str) -> bytes:
    return b"=?" + label.encode() + b"?B?" + base64.b64encode(value) + b"?="


MEANT["ISO-2022-CN"] = (word_of(b"\x1b$)A\x0eMF<v1m\x0f.pdf", "ISO-2022-CN"), "推荐表.pdf")


@pytest.mark.parametrize("how", MEANT)
def test_a_name_is_read_as_it_was_meant(how):
    written, meant = MEANT[how]
    assert decode_words(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Φ50-λ.pdf",
        "φ12 轴承 μm",
        "Résumé de Müller & Søn.pdf",
        "Größe ±0.05 °C.docx",
        "Señor Núñez – año",
        "Ωhm.pdf",
        "推荐表&#31;.pdf",
        "案例=2026.pdf",
        "100%20个.pdf",
        "éé àà çç",
        "=?utf-8?",
    ],
)
def test_what_is_right_stays(text):
    assert decode_words(b(text)) == text


def test_a_text_encoded_twice_is_read_as_it_was_meant():
    words = "您好，附件为我公司申报材料，请查收。"
    for data in (words.encode("gbk").decode("latin-1").encode(), words.encode().decode("latin-1").encode()):
        raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + data
        assert decode_mail(raw).text == words


def test_a_plain_text_in_numeric_entities_is_written_out():
    entities = "".join(f"&#{ord(letter)};" for letter in "推荐表见附件")
    raw = b"From: a@b.example\r\nContent-Type: text/plain\r\n\r\n" + entities.encode()
    assert decode_mail(raw).text == "推荐表见附件"


def test_a_long_text_with_accents_and_none_of_chinese_stays():
    words = "Les pièces ci-jointes ont été vérifiées à Genève. " * 40
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode()
    assert decode_mail(raw).text == words
    assert undo_twice(words) is None


ONE_FILE = (
    b'From: a@b.example\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
)
FOOTERS = {
    "words": b"-- \r\nThis mail was scanned by gateway.\r\n",
    "a single word that could be base64": b"________\r\nDisclaimer\r\nall rights reserved here\r\n",
    "Chinese": "本邮件已经过杀毒检查\r\n".encode(),
}


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize("size", [57 * 12, 57 * 12 + 30, 57 * 12 + 31, 57 * 12 + 32])
def test_a_footer_below_base64_is_no_part_of_the_file(footer, size):
    data = (PDF * 9)[:size]
    mail = decode_mail(ONE_FILE + base64.encodebytes(data).replace(b"\n", b"\r\n") + FOOTERS[footer])
    assert [(part.data, [p.code for p in part.problems]) for part in mail.parts] == [(data, ["base64-footer"])]


def test_a_banner_above_base64_is_no_part_of_the_file():
    data = (PDF * 9)[: 57 * 12 + 31]
    mail = decode_mail(ONE_FILE + b"[External mail, be careful]\r\n" + base64.encodebytes(data))
    assert mail.parts[0].data == data


def test_words_in_quoted_printable_are_not_touched():
    raw = b"From: a@b.example\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(
        b"1=2 &#12; =41"
    )
    assert decode_mail(raw).text.strip() == "1=2 &#12; =41"


def test_the_kit_writes_words_as_programs_do():
    assert decode_words(word(NAME)) == NAME
