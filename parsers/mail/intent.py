"""What does the sender want (来意)? Judged from the mail alone, with the reason in one Chinese sentence.

A question must never be taken for materials, for then its sender would get a deficiency letter; and a mail with real
files is always materials, for then nothing is lost. What stays unclear but is about the call goes to staff as a
question.
"""

from __future__ import annotations

import re

from parsers.facts.mails import NOTICE_NAMES, Bounce, CloudLink, Intent, Notice
from parsers.mail.message import DecodedMail
from parsers.mail.notices import without_footers
from parsers.mail.withdrawal import withdraws

_WORDS = 4000
# Full-width letters and digits are read as plain ones; punctuation stays as it is, for sentences are quoted.
_NARROW = {
    code: code - 0xFEE0 for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for code in range(*span)
}
_PAPERS = (
    r"(?:附件(?:[12一二]|里的表)?|模板|模版|范本|样表|推荐表|申报表|申请表|表格|空白表|报名表|撰写要求"
    r"|通知(?:原文|文件|全文|及附件)|电子版|[wW][oO][rR][dD]版)"
)
_STATUS = re.compile(
    r"(?:材料|申报|邮件|照片|报告|推荐表|纸质|发的|寄的|回执|附件|编号)[^。！？?\n]{0,24}(?:收到|收悉|查收"
    r"|收齐|齐全|齐不齐|签收|登记)[^。！？?\n]{0,6}"
    r"(?:没|吗|么|否|[?？]|盼复|不知|呢)|(?:不知|是否|有没有|有无|能否确认|请确认|确认一下"
    r"|麻烦看一下)[^。！？?\n]{0,16}(?:收到|收悉|收齐|齐)"
    r"|收到(?:了)?(?:没有?|吗|么|否)|(?:都)?(?:收到|报齐|报|收齐|齐)了(?:没|吗)|还(?:缺|差|需要补"
    r"|要补)(?:什么|哪些|些什么)|(?:缺|差)什么"
    r"|(?:初审|审核|评审|复审)[^。\n]{0,8}(?:过了没|过了吗|到哪|结果|进度|通过没)"
    r"|结果[^。\n]{0,8}(?:什么时候|何时|几时|公布|出来)|什么时候出结果"
    r"|(?:没|未)(?:有)?(?:收到|任何)?(?:受理编号|回执|回音|回复)|进度|在不在[^。\n]{0,6}名单"
    r"|编号[^。\n]{0,6}不一样|did you receive",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"联系人[^。\n]{0,10}(?:变更|更换|改为|改成|换成|换为|调整|里撤)|(?:手机|电话|邮箱"
    r"|地址)[^。\n]{0,8}(?:换了|变更|更换|改为|停用|作废|少一位|有误|错了|是这个)"
    r"|换号|(?:以后|后续|今后|下次)[^。\n]{0,14}(?:请?(?:发|联系|寄|抄送|直接)|我对接|由我"
    r"|由[^。\n]{1,8}(?:负责|对接))|由[^。\n]{1,10}(?:接手|接替|负责对接)"
    r"|由我(?:接手|接替|负责|对接)|接替[^。\n]{1,6}的|(?:请|来信)[^。\n]{0,4}(?:同时)?抄送|取消抄送"
    r"|请(?:直接)?联系我|不要联系|邮寄地址|证书请寄|改发这个邮箱"
    r"|已?(?:调岗|离职|退休)[^。\n]{0,20}(?:联系|负责|接手)|交接|换人|请改发",
)
_CORRECTION = re.compile(
    r"(?:照片|图片?|第[一二三四1-4]张|两张|三张)[^。；\n]{0,14}(?:[:：]|是|为|——|依次|分别|拍的|改为|写反"
    r"|对调)|^\s*(?:[①②③]|1[、.．])[^\n]{2,40}"
    r"|(?:img|dsc|mmexport|微信图片)[_\d-]*\.?\w{0,4}\s*(?:是|为|——|[:：])|photo ?\d ?[:：]|\.(?:jpg|jpeg"
    r"|png)\s*(?:——|[:：是为])|照片(?:内容)?(?:概要|说明)"
    r"|(?:案例名称|题目|名称|全称|推荐单位|报送时间|创作人|署名|标题)[^。\n]{0,12}(?:改为|改成|应为|应是|用"
    r"|更正|写错|漏了|顺序|填)|勘误|更名为|应为|为准"
    r"|我们是(?:会员单位)?自荐",
    re.IGNORECASE | re.MULTILINE,
)
_EXTENSION = re.compile(
    r"延期|延长|宽限|延至|推迟(?:到|至|交)|晚[一两几2-9][天日]|(?:来不及|赶不上)[^。\n]{0,12}(?:截止|交|报)"
)
_EMPTY_LINE = re.compile(
    r"发自我的\S{0,12}|从我的\S{0,10}发送|\[[^\]\n]{1,6}\]|[（(]无主题[)）]|回复|\bre\b", re.IGNORECASE
)
_FILLING = re.compile(
    r"[\W_]|老师|领导|各位|分会|我们|你们|贵会|了|的|啦|哈|呀|吧|您|你|们|请|也|都|很|非常|一直|工作|支持|关心"
)
_MOST_BESIDE_THANKS = 14
"""Characters beside thanks and greetings with which a mail still says nothing else."""
_TRIAL = re.compile(r"测试(?:邮件|发送)|看能不能发")
_ELSEWHERE = re.compile(
    r"密码[^。\n]{0,10}(?:微信|短信|电话|手机后|身份证|另行|稍后|已发)|没有?(?:设|加)?密码|没(?:有)?设密码"
)
_BARE_PASSWORD = re.compile(r"\A\s*[!-~]{3,32}\s*\Z")
_ABOUT_PASSWORD = re.compile(r"密码|口令|解压|压缩包|加密", re.IGNORECASE)
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
    notice: Notice | None = None,
    bounce: Bounce | None = None,
    *,
    tells_password: bool = False,
) -> tuple[Intent, str]:
    """Return what the sender wants and why, in one Chinese sentence.

    ``text_new`` is the mail's new text (``parsers.mail.quoting``). ``has_leaves`` says whether there is a file that is
    more than noise (a signature's logo is none).
    """
    if bounce is not None:
        return Intent.BOUNCE, f"退信：发给 {bounce.recipient or '（未写明）'} 的信没有送达。"
    if notice is not None:
        return Intent.MACHINE, f"来信是{NOTICE_NAMES[notice]}，不是人写的信。"
    subject = mail.subject.translate(_NARROW)
    words = without_footers(text_new[:_WORDS].translate(_NARROW))
    both = f"{_without_prefix(subject)}\n{words}"
    sentence = withdraws(subject, words)
    if sentence and (not has_leaves or withdraws(subject, "")):
        return Intent.WITHDRAWAL, f"文中说要撤回申报：“{sentence[:40]}”。"
    question = _sentence(_SURE_ASK, _no_urls(words))
    also = f"；文中另有提问：“{question}”，请人工答复。" if question else "。"
    if has_leaves:
        return Intent.MATERIALS, f"邮件带有附件，按报送材料处理{also}" if question else "邮件带有附件。"
    if links:
        return Intent.MATERIALS, f"邮件里没有附件，文件在{links[0].provider}的链接里{also}"
    return (
        _tells(subject, words, tells_password=tells_password) or _asked(both, words, mail) or _told(both, words, mail)
    )


def bare_password(subject: str, words: str) -> str:
    """Return the one word that a mail about a password consists of; empty where it says more or speaks of nothing."""
    if not _ABOUT_PASSWORD.search(subject):
        return ""
    return words.strip() if _BARE_PASSWORD.match(words) else ""


def _tells(subject: str, words: str, *, tells_password: bool) -> tuple[Intent, str] | None:
    """Judge mails without files whose words are about materials that were sent before."""
    both = f"{_without_prefix(subject)}\n{words}"
    if _ELSEWHERE.search(both):
        return Intent.QUESTION, "没有附件，说到压缩包密码但没有写明，请人工联系。"
    if tells_password or bare_password(subject, words):
        return Intent.PASSWORD, "没有附件，告知压缩包密码。"
    if _CONTACT.search(both):
        return Intent.CONTACT, f"没有附件，告知联系方式有变：“{_sentence(_CONTACT, both)}”。"
    if _STATUS.search(both) and not _CORRECTION.search(words):
        return Intent.STATUS, f"没有附件，询问材料是否收到或进度：“{_sentence(_STATUS, both)}”。"
    if _CORRECTION.search(both) and not _SURE_ASK.search(_no_urls(both)) and not _SENDS.search(both):
        return Intent.CORRECTION, f"没有附件，用文字补充或更正材料：“{_sentence(_CORRECTION, both)}”。"
    return None


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


def _says_anything(both: str) -> bool:
    """Whether more than a smile, a full stop, a telephone's own line or a trial stands in the mail."""
    left = _EMPTY_LINE.sub("", both)
    return bool(re.search(r"[\u4e00-\u9fffA-Za-z0-9]", left)) and not _TRIAL.search(left)


def _asks_elsewhere(words: str) -> bool:
    """Tell whether another sentence than the one about the papers asks something."""
    sentences = re.findall(r"[^\n。！？?；]+[？?]?", words)
    return any(_SURE_ASK.search(one) and not re.search(_PAPERS, one) for one in sentences)


def _told(both: str, words: str, mail: DecodedMail) -> tuple[Intent, str]:
    """Judge mails without files that ask nothing."""
    compact = re.sub(r"\s+", "", words)
    if not _says_anything(both):
        return Intent.THANKS, "没有附件，没有要办的内容。"
    if _EXTENSION.search(both):
        return Intent.QUESTION, f"没有附件，说到延期：“{_sentence(_EXTENSION, both)}”。"
    ours = _OURS.search(both) is not None
    left = _FILLING.sub("", _THANKS.sub("", compact))
    thanks = bool(compact) and len(left) <= _MOST_BESIDE_THANKS and _THANKS.search(words) is not None
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


def _without_prefix(subject: str) -> str:
    return re.sub(r"\A(?:\s*(?:re|fwd?|回复|答复|转发|回覆)\s*[:：])+\s*", "", subject, flags=re.IGNORECASE)


def _no_urls(text: str) -> str:
    """Drop links: a question mark inside one asks nothing."""
    return re.sub(r"https?://[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+", "", text)


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
