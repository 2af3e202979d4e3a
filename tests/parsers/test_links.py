"""Cloud links: provider, name, code, expiry; and what is none."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from parsers.facts.mails import CloudLink
from parsers.mail.links import find_links

CHINA = timezone(timedelta(hours=8))
RECEIVED = datetime(2026, 5, 20, 10, 0, tzinfo=CHINA)


def at(year: int, month: int, day: int, hour: int = 23, minute: int = 59) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


TEXTS = {
    "163": (
        "从网易163邮箱发来的超大附件\n\n申报材料.zip (80.96M, 2026年8月17日 0:49 到期)\n下载\nhttps://mail.163.com/large-attachment-download/index.html?file=a%2Bb%3D",
        CloudLink("https://mail.163.com/large-attachment-download/index.html?file=a%2Bb%3D", "网易163超大附件", "申报材料.zip", "", at(2026, 8, 17, 0, 49)),
    ),
    "163 old": (
        "材料.rar：https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE。",
        CloudLink("https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE", "网易163超大附件", "材料.rar"),
    ),
    "126": (
        "https://mail.126.com/large-attachment-download/index.html?file=abc",
        CloudLink("https://mail.126.com/large-attachment-download/index.html?file=abc", "网易163超大附件"),
    ),
    "mail master": (
        "申报表.pdf 12.3M 有效期至2026-06-04\nhttps://dashi.163.com/html/cloud-attachment-download/?key=abc123，请下载",
        CloudLink("https://dashi.163.com/html/cloud-attachment-download/?key=abc123", "网易邮箱大师云附件", "申报表.pdf", "", at(2026, 6, 4)),
    ),
    "QQ new": (
        "从QQ邮箱发来的超大附件\n照片.zip (128.03M, 2026年6月27日 21:59 到期)进入下载页面：https://wx.mail.qq.com/ftn/download?func=3&key=ab&code=cd",
        CloudLink("https://wx.mail.qq.com/ftn/download?func=3&key=ab&code=cd", "QQ邮箱超大附件", "照片.zip", "", at(2026, 6, 27, 21, 59)),
    ),
    "QQ new, international": ("https://iwx.mail.qq.com/ftn/download?func=3&key=a", CloudLink("https://iwx.mail.qq.com/ftn/download?func=3&key=a", "QQ邮箱超大附件")),
    "QQ drive": ("https://wx.mail.qq.com/s?k=AbC123", CloudLink("https://wx.mail.qq.com/s?k=AbC123", "QQ邮箱超大附件")),
    "QQ old": (
        "案例 报告.docx (1.2G, 2020年11月27日 21:59 到期)进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=7f&code=abcd",
        CloudLink("http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=7f&code=abcd", "QQ邮箱超大附件", "案例 报告.docx", "", at(2020, 11, 27, 21, 59)),
    ),
    "Exmail": (
        "http://exmail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn_download&code=2",
        CloudLink("http://exmail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn_download&code=2", "腾讯企业邮超大附件"),
    ),
    "Aliyun on any host": (
        "超大附件列表\n申报材料.7z 300MB 过期时间：2026-06-19 12:00\n进入下载页面 https://mail.kunsheng.com.cn/alimail/openLinks/downloadMimeMetaDiskBigAttach?id=netdiskid%3Av001",
        CloudLink("https://mail.kunsheng.com.cn/alimail/openLinks/downloadMimeMetaDiskBigAttach?id=netdiskid%3Av001", "阿里邮箱超大附件", "申报材料.7z", "", at(2026, 6, 19, 12, 0)),
    ),
    "Sina": ("https://mail.sina.com.cn/filecenter/download.php?id=1", CloudLink("https://mail.sina.com.cn/filecenter/download.php?id=1", "新浪邮箱超大附件")),
    "Baidu": (
        "通过网盘分享的文件：申报材料\n链接：https://pan.baidu.com/s/1abcDEF_-x?pwd=x7y8 提取码：x7y8\n--来自百度网盘超级会员v5的分享",
        CloudLink("https://pan.baidu.com/s/1abcDEF_-x?pwd=x7y8", "百度网盘", "申报材料", "x7y8"),
    ),
    "Baidu without the parameter": ("链接: https://pan.baidu.com/s/1abc 提取码: ab12 复制这段内容后打开百度网盘手机App", CloudLink("https://pan.baidu.com/s/1abc", "百度网盘", "", "ab12")),
    "Baidu without https": ("pan.baidu.com/s/1abc 密码 k9z1", CloudLink("https://pan.baidu.com/s/1abc", "百度网盘", "", "k9z1")),
    "Aliyun drive": ("「推荐表.pdf」https://www.alipan.com/s/AbCd 点击链接保存，或者复制本段内容", CloudLink("https://www.alipan.com/s/AbCd", "阿里云盘", "推荐表.pdf")),
    "Quark, seven days": (
        "我用夸克网盘分享了「推荐表.pdf」，点击链接即可保存。\n链接：https://pan.quark.cn/s/abcdef123456，有效期7天",
        CloudLink("https://pan.quark.cn/s/abcdef123456", "夸克网盘", "推荐表.pdf", "", RECEIVED + timedelta(days=7)),
    ),
    "Lanzou": ("https://wwe.lanzoui.com/iabc 密码:1a2b", CloudLink("https://wwe.lanzoui.com/iabc", "蓝奏云", "", "1a2b")),
    "123": ("https://www.123pan.com/s/abc-def.html提取码:Q1w2", CloudLink("https://www.123pan.com/s/abc-def.html", "123云盘", "", "Q1w2")),
    "Weiyun": ("文件在 https://share.weiyun.com/AbC123，请下载", CloudLink("https://share.weiyun.com/AbC123", "腾讯微云")),
    "Tianyi": ("https://cloud.189.cn/t/abcDEF（访问码：a1b2）", CloudLink("https://cloud.189.cn/t/abcDEF", "天翼云盘", "", "a1b2")),
    "Wenshushu": ("https://www.wenshushu.cn/f/abc12，3天内有效", CloudLink("https://www.wenshushu.cn/f/abc12", "文叔叔", "", "", RECEIVED + timedelta(days=3))),
    "Kdocs": ("【金山文档】 案例报告.docx\nhttps://kdocs.cn/l/cabc", CloudLink("https://kdocs.cn/l/cabc", "金山文档", "案例报告.docx")),
    "Tencent docs": ("https://docs.qq.com/doc/DAbc", CloudLink("https://docs.qq.com/doc/DAbc", "腾讯文档")),
    "Feishu": ("https://abc123.feishu.cn/file/boxcn1", CloudLink("https://abc123.feishu.cn/file/boxcn1", "飞书云文档")),
    "wrapped by webmail": (
        "https://wx.mail.qq.com/xmspamcheck/xmsafejump?url=https%3A%2F%2Fpan.baidu.com%2Fs%2F1abc&x=1",
        CloudLink("https://pan.baidu.com/s/1abc", "百度网盘"),
    ),
    "in full-width brackets": ("（https://pan.baidu.com/s/1abc）", CloudLink("https://pan.baidu.com/s/1abc", "百度网盘")),
    "glued to Chinese words": ("请下载https://pan.baidu.com/s/1abc谢谢", CloudLink("https://pan.baidu.com/s/1abc", "百度网盘")),
    "ends a sentence": ("See https://pan.baidu.com/s/1abc.", CloudLink("https://pan.baidu.com/s/1abc", "百度网盘")),
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_a_link_in_the_text_is_read_whole(kind):
    text, expected = TEXTS[kind]
    assert find_links(f"您好：\n{text}\n谢谢", "", RECEIVED) == (expected,)


HTMLS = {
    "163": (
        ('<div class="bigattach-mailmaster-download"><div>从网易163邮箱发来的超大附件</div><a href="https://mail.163.com/large-attachment-download/index.html?file=a&amp;b=c">'
        '<span>申报材料.zip</span></a><span>80.96M, 2026年8月17日 0:49 到期</span></div><a href="https://u.163.com/promo">下载邮箱大师</a>'),
        CloudLink("https://mail.163.com/large-attachment-download/index.html?file=a&b=c", "网易163超大附件", "申报材料.zip", "", at(2026, 8, 17, 0, 49)),
    ),
    "QQ": (
        '<div>从QQ邮箱发来的超大附件</div><a href="https://wx.mail.qq.com/ftn/download?func=3&amp;key=aa&amp;code=bb" target=_blank>照片.rar</a> (12M, 2026年6月20日 10:00 到期)',
        CloudLink("https://wx.mail.qq.com/ftn/download?func=3&key=aa&code=bb", "QQ邮箱超大附件", "照片.rar", "", at(2026, 6, 20, 10, 0)),
    ),
    "link as its own words": (
        '链接：<a href="https://pan.baidu.com/s/1abc?pwd=q1w2">https://pan.baidu.com/s/1abc?pwd=q1w2</a>&nbsp;提取码：q1w2',
        CloudLink("https://pan.baidu.com/s/1abc?pwd=q1w2", "百度网盘", "", "q1w2"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HTMLS)
def test_a_link_in_html_is_read_whole(kind):
    source, expected = HTMLS[kind]
    assert find_links("", source, RECEIVED) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        "https://u.163.com/aosoutbdbd8 网易邮箱大师下载",
        "https://mail.163.com/ 我的邮箱",
        "https://dashi.163.com/projects/signature-manager/detail/index.html?ftlId=1",
        "https://pan.baidu.com/download 客户端",
        "https://www.baidu.com/s?wd=推荐表",
        "https://mail.qq.com/cgi-bin/readmail",
        "官网：https://www.kunsheng.com.cn/案例.pdf",
        "zjzjtxqycjfh@163.com",
        "https://evil.example/?u=pan.baidu.com/s/1abc",
        "",
    ],
)
def test_what_is_no_file_link_is_left_alone(text):
    assert find_links(text, f'<a href="{text}">x</a>', RECEIVED) == ()


def test_text_and_html_of_one_mail_give_one_link_with_what_both_say():
    text = "链接：https://pan.baidu.com/s/1abc"
    html = '<p>推荐表.zip</p><a href="https://pan.baidu.com/s/1abc">下载</a> 提取码：q1w2'
    assert find_links(text, html, None) == (
        CloudLink("https://pan.baidu.com/s/1abc", "百度网盘", "推荐表.zip", "q1w2"),
    )


def test_several_links_keep_their_own_names_codes_and_dates():
    text = "a.zip (2026年6月1日 到期) https://pan.baidu.com/s/1aaa 提取码：aaaa\nb.zip (2026年6月2日 到期) https://pan.baidu.com/s/1bbb 提取码：bbbb\n"
    assert find_links(text, "", None) == (
        CloudLink("https://pan.baidu.com/s/1aaa", "百度网盘", "a.zip", "aaaa", at(2026, 6, 1)),
        CloudLink("https://pan.baidu.com/s/1bbb", "百度网盘", "b.zip", "bbbb", at(2026, 6, 2)),
    )


def test_a_period_counts_only_from_a_known_moment():
    assert find_links("https://pan.quark.cn/s/abc 有效期7天", "", None)[0].expires is None


def test_an_impossible_date_is_no_date():
    assert find_links("https://pan.quark.cn/s/abc 2026年13月45日到期", "", RECEIVED)[0].expires is None


def test_a_host_that_only_looks_like_a_provider_is_no_provider():
    (link,) = find_links("https://pan.baidu.com.evil.example/s/1abc", "", RECEIVED)
    assert link == CloudLink("https://pan.baidu.com.evil.example/s/1abc", "未识别网址")
