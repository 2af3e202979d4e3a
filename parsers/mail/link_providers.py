"""Who keeps files behind links (网盘与超大附件的提供者): the shapes of their addresses, observed 2020-2026."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: its Chinese name, and what its links look like."""

    name: str
    pattern: re.Pattern[str]


def _providers(*rows: tuple[str, str]) -> tuple[Provider, ...]:
    return tuple(Provider(name, re.compile(r"https?://(?:" + shape + ")", re.IGNORECASE)) for name, shape in rows)


PROVIDERS = _providers(
    (
        "网易163超大附件",
        (
            r"(?:[a-z0-9-]+\.)?mail\.(?:163|126|188)\.com/large-attachment-download/"
            r"|(?:[a-z0-9-]+\.)?mail\.yeah\.net/large-attachment-download/|fs\.163\.com/fs/display"
        ),
    ),
    ("网易企业邮箱超大附件", r"[a-z0-9.-]*qiye\.163\.com/\S*(?:large-?attachment|bigattach|download)"),
    ("网易邮箱大师云附件", r"(?:dashi|mail)\.163\.com/html/cloud-attachment-download/"),
    ("腾讯企业邮超大附件", r"(?:[a-z0-9-]+\.)?exmail\.qq\.com/(?:cgi-bin/ftnExs_download|ftn/download|s\?k=)"),
    (
        "QQ邮箱超大附件",
        (
            r"i?wx\.mail\.qq\.com/(?:ftn/download|s\?(?:[^\s#]{0,200}&)?k=)"
            r"|(?:[a-z0-9-]+\.)?mail\.qq\.com/cgi-bin/ftnExs_(?:download|preview)|mail\.qq\.com/ftn/download"
        ),
    ),
    ("阿里邮箱超大附件", r"[^/\s]{3,200}/alimail/openLinks/downloadMimeMetaDiskBigAttach"),
    ("新浪邮箱超大附件", r"(?:[a-z0-9-]+\.)?mail\.sina\.(?:com\.cn|com|cn)/filecenter/download\.php"),
    (
        "139邮箱超大附件",
        (
            r"[a-z0-9.-]*mail\.10086\.cn/\S*(?:attach|disk|share|download)|(?:yun|caiyun)\.139\.com/\S*(?:link"
            r"|share|#/|/s/|[mw]/i)"
        ),
    ),
    ("搜狐邮箱超大附件", r"(?:[a-z0-9-]+\.)?mail\.sohu\.com/\S*(?:bigattach|netdisk|download)"),
    ("百度网盘", r"(?:pan|yun|eyun)\.baidu\.com/(?:s/|share/(?:init|link)\?|e/|wap/init\?)"),
    ("阿里云盘", r"(?:www\.)?(?:alipan|aliyundrive)\.com/(?:s|t)/"),
    ("夸克网盘", r"pan\.quark\.cn/s/"),
    ("UC网盘", r"(?:drive|fast)\.uc\.cn/s/"),
    ("迅雷云盘", r"pan\.xunlei\.com/s/"),
    (
        "蓝奏云",
        (
            r"(?:[a-z0-9-]+\.)?lanzou[a-z]?\.(?:com|net|cn)/[A-Za-z0-9]|(?:[a-z0-9-]+\.)?lanz(?:oux|ouw|n"
            r"|v)\.(?:com|net)/[A-Za-z0-9]"
        ),
    ),
    ("123云盘", r"(?:www\.)?123(?:pan|684|865|912|952|957)\.(?:com|cn)/s/"),
    ("腾讯微云", r"share\.weiyun\.com/[A-Za-z0-9]|url\.cn/[A-Za-z0-9]{5,}"),
    ("企业微信微盘", r"drive\.weixin\.qq\.com/s|doc\.weixin\.qq\.com/(?:disk|drive)/|drive\.work\.weixin\.qq\.com/\S"),
    ("企业微信文档", r"doc\.weixin\.qq\.com/(?:doc|sheet|slide|pdf|mind|form|smartsheet|smartpage|txdoc)"),
    ("钉盘", r"space\.dingtalk\.com/|qr\.dingtalk\.com/page/yunpan"),
    ("联想企业网盘", r"box\.lenovo\.com/(?:l|link|share|v)/|(?:[a-z0-9-]+\.)?filez\.com/(?:l|link|share)/"),
    ("360云盘", r"(?:[a-z0-9-]+\.)?yunpan\.(?:360\.)?cn/(?:surl_|lk/|s/|c[A-Za-z0-9]{6,})"),
    ("360亿方云", r"(?:[a-z0-9-]+\.)?fangcloud\.(?:com|cn)/(?:share|sharing|s)/"),
    ("华为云空间", r"cloud\.huawei\.com/\S*(?:share|link)|share\.huaweicloud\.com/"),
    ("小米云服务", r"(?:i|share)\.mi\.com/\S*(?:share|s/)"),
    ("有道云笔记", r"(?:share\.)?note\.youdao\.com/\S*(?:share|s/|noteshare)"),
    ("语雀", r"(?:www\.)?yuque\.com/[^/\s]+/[^/\s]+/\S"),
    ("群晖NAS", r"(?:[a-z0-9-]+\.)?quickconnect\.(?:to|cn)/\S|gofile\.me/\S|[a-z0-9.-]+\.synology\.me(?::\d+)?/\S"),
    ("威联通NAS", r"[a-z0-9.-]+\.myqnapcloud\.(?:com|cn)(?::\d+)?/\S"),
    ("绿联NAS", r"(?:[a-z0-9-]+\.)?(?:ug\.link|ugnas\.com)/\S"),
    ("飞牛NAS", r"(?:[a-z0-9-]+\.)?(?:fnos\.net|5ddd\.com)/\S"),
    (
        "对象存储",
        (
            r"[a-z0-9.-]+\.(?:aliyuncs|myqcloud|myhuaweicloud|bcebos|qiniucdn|amazonaws)\.com(?:\.cn)?/"
            r"\S*\.(?:zip|rar|7z|pdf|docx?)"
        ),
    ),
    ("MediaFire", r"(?:www\.)?mediafire\.com/(?:file|folder)/"),
    ("MEGA", r"mega\.nz/(?:file|folder|#)"),
    ("Box", r"(?:[a-z0-9-]+\.)?app\.box\.com/s/"),
    ("天翼云盘", r"cloud\.189\.cn/(?:t/|web/share\?)|h5\.cloud\.189\.cn/share"),
    ("文叔叔", r"(?:www\.)?(?:wenshushu\.cn|wss\.ink|ws\d{2}\.cn|wss\.cc)/(?:f|k|box)/"),
    ("奶牛快传", r"(?:[a-z0-9-]+\.)?cowtransfer\.com/s/|c-t\.work/s/"),
    (
        "金山文档",
        (
            r"(?:www\.|365\.)?kdocs\.cn/(?:l|p|view/l|share/l)/|(?:drive|f)\.wps\.cn/\S*(?:/l/|/s/|/w/)"
            r"|kdocs\.cn/l/"
        ),
    ),
    (
        "腾讯文档",
        (
            r"docs\.qq\.com/(?:doc|sheet|slide|pdf|aio|s|mind|flowchart|document|scenario|desktop/mydoc/folder"
            r"|smartsheet)/?"
        ),
    ),
    (
        "飞书云文档",
        (
            r"[a-z0-9-]+\.(?:feishu\.cn|larksuite\.com|larkoffice\.com)/(?:file|docx|docs|doc|drive|sheets|wiki"
            r"|base|share)/"
        ),
    ),
    ("钉钉文档", r"alidocs\.dingtalk\.com/"),
    ("石墨文档", r"shimo\.im/(?:docs|sheets|file|files|folder)/"),
    ("坚果云", r"(?:www\.)?jianguoyun\.com/p/"),
    ("115网盘", r"(?:www\.)?(?:115|115cdn|anxia)\.com/s/"),
    ("城通网盘", r"(?:[a-z0-9-]+\.)?(?:ctfile|pipipan|545c|u062)\.com/(?:f|fs|d|dir|file)/"),
    ("和彩云", r"caiyun\.feixin\.10086\.cn/"),
    ("OneDrive", r"1drv\.ms/|onedrive\.live\.com/\S"),
    ("SharePoint", r"[a-z0-9-]+\.sharepoint\.(?:com|cn)/(?::|sites/|personal/|teams/|\S*_layouts/)"),
    ("Google 云端硬盘", r"(?:drive|docs)\.google\.com/(?:file|drive|open|uc|document|spreadsheets)"),
    ("Dropbox", r"(?:www\.)?dropbox\.com/(?:s|scl|sh|t)/"),
    ("Nextcloud", r"[^/\s]{3,200}/index\.php/s/[A-Za-z0-9]"),
    ("Seafile", r"[^/\s]{3,200}/[df]/(?=[0-9]*[a-f])[0-9a-f]{8,24}/?(?![A-Za-z0-9])|seafile\.[^/\s]{3,200}/[dfu]/"),
    ("WeTransfer", r"we\.tl/t-|(?:[a-z0-9-]+\.)?wetransfer\.com/downloads/"),
    ("iCloud 云盘", r"(?:(?:www|share)\.)?icloud\.com(?:\.cn)?/(?:iclouddrive|attachment|photos)/"),
)  # fmt: skip


def provider_of(url: str) -> str | None:
    """Return the provider whose file link this is; None where it is none that we know."""
    return next((provider.name for provider in PROVIDERS if provider.pattern.match(url)), None)
