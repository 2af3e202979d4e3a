"""Is a link of an unknown host a file (未知网址是否为文件)? Told by its shape, by a 提取码, or by the words beside it.

People share from their firm's NAS, their website, a short link. A website in a signature, a news page, a meeting or a
courier's page is none: what we take for a file makes its sender wait, what we miss makes him one who sent nothing.
"""

from __future__ import annotations

import re

UNKNOWN = "未识别网址"
"""The name of a provider that we do not know."""

_HOST = re.compile(r"(?:https?|ftp)://(?:[^/@\s]{1,80}@)?([^/:?#\s]{1,255})(?::\d{1,5})?([^?#\s]*)", re.IGNORECASE)
_PACKED = re.compile(r"\.(?:zip|rar|7z|tar|gz|tgz|z01|part1\.rar)(?:[?#]|$)", re.IGNORECASE)
_PAPERS = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|pptx?|jpe?g|png|heic)(?:[?#]|$)", re.IGNORECASE)
_DRIVE_HOST = re.compile(
    r"(?:pan|drive|cloud|disk|nas|files?|share|sharing|yun|yunpan|wangpan|box|dl|down|download|seafile|nextcloud|owncloud"
    r"|netdisk|fs|ftp|ucloud|ecloud|filebox|transfer)\d{0,2}\.",
    re.IGNORECASE,
)
_SHARED_PATH = re.compile(
    r"/(?:s|d|f|l|t|share|sharing|link|get|file|files|down|download|public|sharefolder|share\.cgi|fileshare|filestation)"
    r"(?:[/?=][^\s]|$)",
    re.IGNORECASE,
)
_CODE_AFTER = re.compile(
    r"^[^\n]{0,24}(?:\n\s{0,4})?[^\n]{0,12}?(?:提取码|访问码|提取密码|访问密码|分享密码|取件码|验证码|口令|密码|pwd)"
    r"\s{0,3}(?:是|为)?\s{0,3}[:：=]?\s{0,3}[A-Za-z0-9]{2,16}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(
    r"(?:提取码|访问码|提取密码|访问密码|分享密码|取件码)\s{0,3}[:：=]?\s{0,3}[A-Za-z0-9]{2,16}[^\n]{0,20}$"
)
_OFFERS = re.compile(
    r"附件|材料|文件|照片|图片|推荐表|申报表|报告|资料|压缩包|网盘|云盘|微盘|钉盘|云附件|超大|\bNAS\b|共享|下载|提取|放在|上传"
    r"|链接[:：]?\s*$|地址[:：]?\s*$",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"官网|网站|主页|网址|通知|依据|介绍|视频|宣传|报道|新闻|公众号|名片|店铺|会议|地图|位置|查询|退订|订阅|问卷|声明|详见|杀毒"
    r"|文献|来源|平台|系统|出处|参考|扫码|关注|国际站|website|linkedin|unsubscribe|meeting|promo|VIP|升级|会员|客户端|发自|来自我的"
    r"|Outlook|公示|名单见|认定|疑问|外部邮件",
    re.IGNORECASE,
)
_TOO_BIG = re.compile(
    r"^[\s)）>]{0,4}[(（]?[^\n]{0,8}(?:附件|文件|材料)[^\n]{0,4}(?:太大|过大|较大|超限)"
    r"|^[\s,，]{0,3}请(?:点击|您)?(?:下载|查收|接收)"
)
_HOME_HOSTS = re.compile(
    r"(?:^|\.)(?:gov\.cn|doi\.org|w3\.org|aka\.ms|linkedin\.com|bilibili\.com|1688\.com|alibaba\.com|taobao\.com|jd\.com"
    r"|zoom\.us|meeting\.tencent\.com|meeting\.dingtalk\.com|voovmeeting\.com|work\.weixin\.qq\.com|mp\.weixin\.qq\.com"
    r"|v\.qq\.com|sf-express\.com|ems\.com\.cn|amap\.com|map\.baidu\.com|wjx\.cn|wjx\.top|apple\.com|microsoft\.com"
    r"|baidu\.com|qq\.com|163\.com|126\.com|yeah\.net|sina\.com\.cn|sohu\.com|aliyun\.com|dingtalk\.com|netease\.com"
    r"|bing\.com|google\.com|youku\.com|douyin\.com|weibo\.com|xinhuanet\.com|people\.com\.cn|zhihu\.com|huawei\.com)$",
    re.IGNORECASE,
)
_FEW = 20
"""Letters of text beside a link up to which the mail is mainly the link."""
_PHRASES = re.compile(
    r"您好|你好|各位|老师|领导|尊敬的|请查收|查收|谢谢|感谢|此致|敬礼|祝好|顺颂商祺|申报材料|材料|附件|链接"
)
_VOID = re.compile(r"^[^\n]{0,6}(?:已取消|取消分享|已失效|已过期|已作废|作废|已删除|不用了|请忽略)")
_VOID_BEFORE = re.compile(r"(?:不用|别用|请忽略|作废的?|之前的|原来的|上次的|旧的?)[^\n。；，]{0,10}$")


def is_void(before: str, after: str) -> bool:
    """Whether the words beside a link say that it holds no longer."""
    return _VOID.match(after) is not None and _VOID_BEFORE.search(before[-20:]) is not None


def is_file(url: str, before: str, after: str, anchor: str = "") -> bool:
    """Whether a link of an unknown host stands where a file should be.

    ``before`` and ``after`` are the words around it, ``anchor`` those that the mail shows in its stead.
    """
    match = _HOST.match(url)
    if match is None:
        return False
    host, path = match[1], match[2]
    line = re.split(r"[\n。；！？;!?|]", before[-60:])[-1]
    near = re.split(r"[，,]", line)[-1] if len(line) > 24 else line
    harmless = _HARMLESS.search(line[-24:]) is not None or _HARMLESS.search(anchor) is not None
    if _PACKED.search(url) and "官网：" not in line:
        return True
    if len(path) < 2 or _HOME_HOSTS.search(host):
        return "云附件" in line or (_CODE_AFTER.match(after) is not None and len(path) > 1 and not harmless)
    shaped = _DRIVE_HOST.match(host) is not None and _SHARED_PATH.search(path) is not None
    meeting = re.search(r"会议|meeting|zoom|账号登录|后台", f"{line}{after[:20]}", re.IGNORECASE) is not None
    coded = (_CODE_AFTER.match(after) or _CODE_BEFORE.search(before[-60:])) is not None and not meeting
    offered = (_OFFERS.search(near) or _OFFERS.search(anchor) or _TOO_BIG.match(after)) is not None
    papers = _PAPERS.search(url) is not None and not harmless and offered
    return shaped or coded or papers or (offered and not harmless and not meeting)


def may_be_the_mail(url: str, words: str) -> bool:
    """Whether a mail that says hardly more than ``words`` is about this link.

    The link leads below a host that is nobody's portal, and the words do not call it harmless.
    """
    match = _HOST.match(url)
    if match is None or len(match[2].strip("/")) < 2 or _HOME_HOSTS.search(match[1]):
        return False
    said = _PHRASES.sub("", words)
    return len(re.sub(r"[\W_]", "", said)) <= _FEW and _HARMLESS.search(words) is None
