"""What does the sender want (来意)? Judged from the mail alone, with the reason in one Chinese sentence.

A question must never be taken for materials, for then its sender would get a deficiency letter; and a mail with real
files is always materials, for then nothing is lost. What stays unclear but is about the call goes to staff as a
question.
"""

from __future__ import annotations

import re

from parsers.facts.mails import Bounce, CloudLink, Intent
from parsers.mail.machine import FORWARDED
from parsers.mail.message import DecodedMail

_WORDS = 4000
# Full-width letters and digits are read as plain ones; punctuation stays as it is, for sentences are quoted.
_NARROW = {
    code: code - 0xFEE0 for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for code in range(*span)
}
_PAPERS = (
    r"(?:附件(?:[12一二]|里的表)?|模板|模版|范本|样表|推荐表|申报表|申请表|表格|空白表|报名表|撰写要求"
    r"|通知(?:原文|文件|全文|及附件)|电子版|[wW][oO][rR][dD]版)"
)
_WITHDRAW = re.compile(
    r"(?:撤回|撤销|撤消|撤下|取消|退出|放弃|终止|不再参[加与]|不参[加与])[^\n。！？]{0,16}(?:申报|申请|案例|推荐"
    r"|参评|评选|征集|报名|活动)"
    r"|(?:申报|案例|推荐表|申请)[^\n。！？]{0,12}(?:撤回|撤销|撤下|作废)|(?:不再|不打算)(?:申报|参评|报送)",
)
_RESUBMIT = re.compile(
    r"(?:以(?:本|此|这|这次|本次)[^\n]{0,10}为准|重新(?:报送|提交|发送|申报|发)|更正|更新|替换|补正|补充)"
)
_ASK = re.compile(
    r"[?？]|请问|想问|问一下|咨询|请教|请告知|烦请告知|请明确|是否(?!属实)|能否|可否|能不能|可不可以|可以吗|怎么"
    r"|怎样|如何|哪里|哪儿|哪些|什么时候|何时|几点|多少|几份|(?:吗|呢)(?:[，。！\s]|$)"
)
_SURE_ASK = re.compile(
    r"[?？]|请问|想问|问一下|咨询|请教|请告知|能否|可否|是否需要|能不能|可不可以|(?:吗|呢)(?:[，。！\s]|$)"
)
_REQUEST = (
    r"(?:(?:请(?![问教查审])|麻烦|烦|能否|可否|能不能|可不可以|可以|帮忙|望|再|重新)[^\n。！？?]{0,12}?"
    r"(?:发(?![展现明起布挥])|提供|传|给)|索取|索要|(?<!要)求(?!职|助)|想要|(?:需)?要一[份个下]"
    r"|(?:在?哪[里儿]?|怎么|如何|何处)(?:能|可以|才能)?(?:下载|获取|领取|找)|(?:没有?|未)(?:找到|看到|收到|下载到)"
    r"|找不到|打不开|下载不了)"
)
_TEMPLATE = re.compile(
    _REQUEST
    + r"[^\n。！？?]{0,24}"
    + _PAPERS
    + "|"
    + _PAPERS
    + r"[^\n。！？?]{0,20}(?:发我|发给我|发来|发过来|发一[份下]|提供一[份下]"
    r"|在哪(?:里|儿)?(?:下载|找|可以|有|$|[?？，。])"
    r"|哪里(?:有|下载|可以(?:下载|找))|(?:怎么|如何)(?:下载|获取|领)|打不开|下载不了|没有?找到|找不到|请发|索取)"
)
_ALREADY = re.compile(
    r"(?:已经?|上次|刚才|昨天|此前|之前)[^\n。！？?]{0,6}(?:发|提供|报送|提交|寄|交)|现将|现报送|特报送"
)
_OTHER_ASK = re.compile(
    r"截止|期限|时间|什么时候|何时|多少字|字数|几张|照片|资格|条件|能否申报|可以申报|是否符合|盖章|公章|邮寄|寄到|寄"
    r"|地址|费用|名额|推荐单位|会员|加入|证书|结果|评审|电话|联系人|纸质|打包|压缩|扫描|签字|代替"
)
_PROMISE = re.compile(
    r"(?:会|(?<!现)(?<!特)将|尽快|稍后|明天|马上|随后|改天|下周|抓紧|近日|这两天)[^\n。！？?]{0,14}"
    r"(?:补正|补充|补交|补齐|修改|发送|发给|发出|寄|报送|提交|完善|重新)"
)
_THANKS = re.compile(
    r"谢谢|多谢|感谢|收到|辛苦|好的|明白|知道了|了解|祝|节日快乐|新年|您好|你好|打扰|不客气|thanks?|ok\b|received",
    re.IGNORECASE,
)
_SENDS = re.compile(
    r"(?:附件|附上|附有|随信|随函|现将|现报送|报送|提交|发送|呈报|上报|递交|补交|补充"
    r"|补正)[^\n。！？?]{0,30}(?:请查收|查收|收悉|材料|推荐表|报告|照片|请审|审阅|见附件|如下|附件)"
    r"|(?:见|详见|参见|如|在)附件|请查收|请查阅附件"
)
_OURS = re.compile(
    r"专精特新|小巨人|单项冠军|申报|案例|推荐表|推荐单位|征集|材料|受理编号|补正|通知|分会|促进会|盖章|截止|优秀案例"
)
_ADVERT = (
    re.compile(r"代开|开票|发票(?:代|优惠|办理)|税票|点数优惠"),
    re.compile(r"代写|代办|代理申报|包过|包拿|通过率|项目申报服务|政策申报服务|资质代办|高新代理"),
    re.compile(r"退订|取消订阅|unsubscribe|不想再收到|TD退|回T退", re.IGNORECASE),
    re.compile(r"贷款|授信额度|低息|融资服务|信用卡|理财|保险产品"),
    re.compile(r"培训班|研修班|总裁班|公开课|课程(?:安排|大纲|费用)|讲师|报名费|早鸟"),
    re.compile(r"优惠|促销|折扣|特价|限时|免费(?:试用|体验|领取|咨询)|诚邀|新品|报价单|厂家直销|批发"),
    re.compile(r"展会|展览会|博览会|招商|参展|展位"),
    re.compile(r"群发(?:软件|系统)|邮箱(?:升级|扩容|空间)|网站建设|SEO|推广服务|短信平台|名录|客户资源", re.IGNORECASE),
    re.compile(r"加微信|加V|加我微信|扫码(?:咨询|领取|添加)|(?:咨询|服务|订购|客服)热线"),
    re.compile(
        r"viagra|casino|lottery|bitcoin|dear friend|business proposal|seo service|best price|博彩|彩票|色情|六合彩",
        re.IGNORECASE,
    ),
)


def judge_intent(
    mail: DecodedMail,
    text_new: str,
    has_leaves: bool,
    links: tuple[CloudLink, ...] = (),
    machine: str | None = None,
    bounce: Bounce | None = None,
) -> tuple[Intent, str]:
    """Return what the sender wants and why, in one Chinese sentence.

    ``text_new`` is the mail's new text (``parsers.mail.quoting``). ``has_leaves`` says whether there is a file that is
    more than noise (a signature's logo is none).
    """
    if bounce is not None:
        return Intent.BOUNCE, f"退信：发给 {bounce.recipient or '（未写明）'} 的信没有送达。"
    if machine is not None and not (machine == FORWARDED and has_leaves):
        return Intent.MACHINE, machine
    subject = mail.subject.translate(_NARROW)
    words = text_new[:_WORDS].translate(_NARROW)
    both = f"{_without_prefix(subject)}\n{words}"
    if _withdraws(subject, words, has_leaves=has_leaves):
        return Intent.WITHDRAWAL, f"文中说要{_found(_WITHDRAW, both)}。"
    question = _sentence(_SURE_ASK, _no_urls(words))
    also = f"；文中另有提问：“{question}”，请人工答复。" if question else "。"
    if has_leaves:
        return Intent.MATERIALS, f"邮件带有附件，按报送材料处理{also}" if question else "邮件带有附件。"
    if links:
        return Intent.MATERIALS, f"邮件里没有附件，文件在{links[0].provider}的链接里{also}"
    return _asked(both, words, mail) or _told(both, words, mail)


def _asked(both: str, words: str, mail: DecodedMail) -> tuple[Intent, str] | None:
    """Judge mails without files that ask for something, or want to sell something."""
    ours = _OURS.search(both) is not None
    adverts = [match[0] for pattern in _ADVERT if (match := pattern.search(both)) is not None]
    if len(adverts) >= 2 and not (mail.in_reply_to and ours):
        return Intent.ADVERT, f"文中有推销的话（{'、'.join(adverts[:3])}）。"
    plain = _no_urls(both)
    if _TEMPLATE.search(plain) and not _ALREADY.search(plain):
        other = _OTHER_ASK.search(_no_urls(words)) is not None or _asks_elsewhere(words)
        if not other:
            return Intent.TEMPLATES, f"没有附件，只索要模板：“{_sentence(_TEMPLATE, both)}”。"
        return (
            Intent.QUESTION,
            f"没有附件，既要模板又有提问：“{_sentence(_ASK, both) or _sentence(_OTHER_ASK, both)}”。",
        )
    if _ASK.search(plain) and (ours or mail.in_reply_to or not adverts):
        return Intent.QUESTION, f"没有附件，文中有提问：“{_sentence(_ASK, plain)}”。"
    if adverts and not ours:
        return Intent.ADVERT, f"文中有推销的话（{adverts[0]}），与征集无关。"
    return None


def _asks_elsewhere(words: str) -> bool:
    """Tell whether another sentence than the one about the papers asks something."""
    sentences = re.findall(r"[^\n。！？?；]+[？?]?", words)
    return any(_SURE_ASK.search(one) and not re.search(_PAPERS, one) for one in sentences)


def _told(both: str, words: str, mail: DecodedMail) -> tuple[Intent, str]:
    """Judge mails without files that ask nothing."""
    compact = re.sub(r"\s+", "", words)
    ours = _OURS.search(both) is not None
    thanks = bool(compact) and len(compact) <= 80 and _THANKS.search(words) is not None
    promise = _PROMISE.search(words) is not None
    verdicts = (
        (promise and len(compact) <= 120, Intent.THANKS, "没有附件，只说随后会办。"),
        (
            _SENDS.search(both) is not None,
            Intent.MATERIALS,
            f"文中说报送材料（“{_sentence(_SENDS, both)}”），但邮件里没有文件，可能忘了带附件。",
        ),
        (thanks, Intent.THANKS, "没有附件，只是致谢或寒暄。"),
        (ours, Intent.QUESTION, "没有附件，与征集有关但看不出要办什么，请人工看。"),
        (not compact, Intent.IRRELEVANT, "邮件没有附件，也没有文字。"),
        (
            bool(mail.in_reply_to) and len(compact) <= 400,
            Intent.QUESTION,
            "回复了我方来信但看不出要办什么，请人工看。",
        ),
    )
    for holds, intent, reason in verdicts:
        if holds:
            return intent, reason
    return Intent.IRRELEVANT, "没有附件，文字与征集无关。"


def _withdraws(subject: str, words: str, *, has_leaves: bool) -> bool:
    """Tell a withdrawal, also with its letter attached, from a replacement of files."""
    both = f"{subject}\n{words}"
    if _WITHDRAW.search(both) is None or _RESUBMIT.search(both):
        return False
    if has_leaves:
        return _WITHDRAW.search(_without_prefix(subject)) is not None
    return not _asks_about_withdrawal(both)


def _asks_about_withdrawal(text: str) -> bool:
    """``能否撤回申报？`` is a question about it, not yet the thing."""
    sentence = _sentence(_WITHDRAW, text, limit=80)
    return bool(re.search(r"[?？]|请问|能否|可否|是否|怎么|如何|吗", sentence))


def _without_prefix(subject: str) -> str:
    return re.sub(r"\A(?:\s*(?:re|fwd?|回复|答复|转发|回覆)\s*[:：])+\s*", "", subject, flags=re.IGNORECASE)


def _no_urls(text: str) -> str:
    """Drop links: a question mark inside one asks nothing."""
    return re.sub(r"https?://[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+", "", text)


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return re.sub(r"\s+", "", match[0])[:30] if match else ""


def _sentence(pattern: re.Pattern[str], text: str, limit: int = 40) -> str:
    """Return the sentence in which the pattern is found, shortened."""
    match = pattern.search(text)
    if match is None:
        return ""
    start = max(text.rfind(mark, 0, match.start()) for mark in "\n。！？?!；") + 1
    ends = [
        position for mark in "\n。！？?!；" if (position := text.find(mark, max(match.end() - 1, match.start()))) >= 0
    ]
    end = min(ends, default=len(text))
    if end < len(text) and text[end] in "?？":
        end += 1
    return re.sub(r"\s+", " ", text[start:end]).strip()[:limit]
