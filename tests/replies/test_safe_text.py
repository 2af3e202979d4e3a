"""Words of senders lose what could do something in a letter, and keep what people need to recognise them."""

import pytest

from flows.replies.safe_text import safe


@pytest.mark.parametrize(
    "name",
    [
        "推荐表.pdf",
        "案例报告（终稿）v2.1.docx",
        "IMG_20260508_0930.JPG",
        "申报材料.zip",
        "杭州钱江精密轴承有限公司",
        "附件1：推荐表.wps",
        "ABC Co., Ltd",
        "3.5万吨产能.png",
        "𠮷野家照片.heic",
    ],
)
def test_ordinary_names_stay_as_they_were_sent(name: str) -> None:
    assert safe(name) == name


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("http://evil.example/x", "http：//evil．example/x"),
        ("HTTPS://a.b.com/report.pdf", "HTTPS：//a．b．com/report．pdf"),
        ("访问www.evil.cn领奖", "访问www．evil．cn领奖"),
        ("javascript:alert(1)", "javascript：alert(1)"),
        ("联系 boss@evil.com", "联系 boss＠evil．com"),
        ("领奖请到例子.中国", "领奖请到例子．中国"),
        ("服务器 10.0.0.1 上", "服务器 10．0．0．1 上"),
        ("a\r\nBcc: x", "a Bcc: x"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("fdp\u202etxt.exe", "fdptxt．exe"),
        ("零\u200b宽\u2060字\ufeff符", "零宽字符"),
        ("\u2066隔离\u2069", "隔离"),
        ("名\x00字\x1b[31m", "名字[31m"),
        ("\ue000标记\ue001", "标记"),
        ("  多   个\t空格 ", "多 个 空格"),
        ("tag\U000e0041\U000e007f", "tag"),
    ],
)
def test_links_controls_and_hidden_characters_are_taken_apart(sent: str, shown: str) -> None:
    assert safe(sent) == shown


def test_long_words_end_in_an_ellipsis() -> None:
    assert safe("字" * 500) == "字" * 119 + "…"
    assert safe("字" * 500, 10) == "字" * 9 + "…"
    assert safe("字" * 120) == "字" * 120
