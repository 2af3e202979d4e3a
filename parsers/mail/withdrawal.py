"""Does the sender take its application back (撤回申报)? Judged sentence by sentence, in the sender's own words.

A sentence counts where it speaks of taking back, giving up or taking no part, and of the application or of nothing
else; one that denies, asks, supposes, or speaks of another thing (a photo, an earlier mail, a training) does not. It
only ever opens a task: nothing is withdrawn by machine.
"""

from __future__ import annotations

import re
import unicodedata

_OURS = r"申报|申请|案例|参评|评选|征集|评审|参选|报名资格|资格|推荐|初审|入选|候选"
_VERB = r"撤回|撤销|撤消|撤下|撤掉|撤件|撤出|撤了|退出|退件|放弃|终止|取消|作废|中止|停止|收回|退回|销毁"
_STRONG = re.compile(
    rf"(?:{_VERB})[^。！？!?；;\n]{{0,18}}(?:{_OURS})|(?:{_OURS})[^。！？!?；;\n]{{0,24}}(?:{_VERB}|不要了"
    rf"|不用了|去掉)"
    rf"|(?:不再|不打算|不准备|不想|不宜|不能|决定不|就不|先不|暂不|今年不|本年度不|不)(?:参加|参与|参评|申报"
    rf"|报送|报了|评了|报名|弄了|推荐)"
    rf"|(?:撤|退)(?:了|掉|下来|回)?(?:吧|件|掉)|不报[了啦哈吧]|不参加[了啦吧，。！]|不评了|别评我们|不用再?审|不再补正"
    rf"|(?:从|在)?(?:推荐)?(?:名单|汇总表|候选)[里中上]?[^。！？\n]{{0,8}}(?:去掉|拿掉|划掉|删掉|删除|剔除"
    rf"|撤下)|(?:拿掉|去掉|撤下|剔除)[^。\n]{{2,24}}"
    rf"|(?:名额|位子)[^。\n]{{0,6}}(?:给|让给|留给)|(?:我们|我司|我公司|本公司|我方|公司|企业"
    rf"|单位)[^。！？\n，,]{{0,14}}(?:撤了|退出|放弃|弃权|不参加|不参评)"
    r"|不同意参加|视同放弃|申报就不要|不参于|不往下走|算我们没报|只好不报|(?:按|准予|请求|申请)退出|今年放弃"
    r"|^\s*(?:撤回|退出)\s*吧?\s*$|[,，]\s*退出\s*$|撤件|取销申报"
    r"|不报[勒嘞咯]|不弄了|取消推荐|(?:拿|撤)下来|换下|撤回(?:申报的)?函|cancel our application"
    r"|we (?:would like to |wish to |hereby )?withdraw"
    r"|withdraw our|no longer (?:wish|want|apply)|give up (?:the|our) application|drop out",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"照片|图[一二三四0-9]|图片|视频|录像|培训|辅导[班会]|会议|理事|会员资格|退会|路演|展会|展位|考察|参观"
    r"|来访|拜访|答辩|沙龙|论坛|年会"
    r"|上一?封|前一?封|刚才|那封|上封|此前邮件|昨天的邮件|附件|文件|报告第|章节|段落|附录|截图"
    r"|说明[写书表里]|概要|那一版|旧版|初稿|这版|版本|V\d"
    r"|纸质|快递|顺丰|寄|发票|开票|会费|抄送|署名|创作人|执笔|指导单位|证书|牌匾|密码|加密|网盘|链接"
    r"|推荐单位[一栏由写]|栏|联系人|手机号|邮箱|电话"
    r"|绿色工厂|技改|揭榜|大赛|首台套|科技局|项目|投标|中标|培育库|贷款|诉|案例集|群|订阅|退订|个人|本人不"
    r"|代理|咨询公司|顾问|提醒|来电|咨询(?:取消|我)"
    r"|价格战|市场|贴牌|业务|出差|报销|计件|流转单|低端|行业|供应商|朋友|隔壁|某(?:公司|企业)|别家|竞争对手"
    r"|卷宗|公众号|公开出版|宣传|表决|合同章"
    r"|名次|异议|预约|订单|授权|座谈会|研讨|请假|小巨人|单项冠军|质量奖|重点省专|排行榜|编写组|项目组|副标题"
    r"|案例名称|选举|考评|他们的|传言|不实"
    r"|率|批次|at any time",
    re.IGNORECASE,
)
"""Things that are taken back, given up or not taken part in, and are not the application."""
_PERSON = re.compile(r"离职|调离|创作人|编写组|执笔|署名|个人|本人不|承蒙")
_SENDS = re.compile(
    r"(?:申报材料|案例材料|材料|案例)[^。\n]{0,10}(?:附件|查收|请审|见附|附上|如附|附后|齐)"
    r"|附件[为是][^。\n]{0,8}材料|案例(?:名称|讲|报送)|详见报告"
)
_DENIES = re.compile(
    r"没有?(?:要)?(?:撤|退|放弃|说不|不)|未(?:撤|退出|放弃)|并非|不是(?:撤|退|放弃|不|我们要)|不(?:会|撤|能"
    r"|打算|想|再)?(?:撤回|撤|放弃|退出)(?!申报材料)"
    r"|不会|(?:请|千万)?(?:勿|别|不要)(?:撤|取消|把我们|划|再?(?:评|审)那)|请不要取消|不要取消|继续(?:申报"
    r"|参加|参评|审核|有效)|照常|照报|照旧|申报不变|不受影响|不影响|仍有?有效"
    r"|保留|恢复申报|误会|误发|发错|气话|误触|误撤|按计划|继续|其余有效|电子版有效|不打退堂鼓|谁说|请忽略|他说的是",
)
_ASKS = re.compile(
    r"[?？]|请问|[吗呢](?:[，。！\s]|$)|怎么|如何|能否|可否|是否|能不能|可不可以|会不会|要不要|是不是|想了解"
    r"|先了解|问一下|请教|咨询一下|只是问问"
)
_SUPPOSES = re.compile(
    r"如果|如(?:经|需|不|有|老板|企业|入选|后面)|若|假如|万一|倘|要是|的话|可能就?不|有点想|有点不|再决定"
    r"|先停一下|等消息|等我消息"
)
_AGAIN = re.compile(
    r"以(?:此|这|本|附件|新|V|他|我)[^。\n]{0,14}为准|重新(?:报送|提交|发送|上传|打包|报|发|寄)|重发|重报"
    r"|重新盖|重盖|换成(?:附件|这)|替换|新版|修订稿?|终稿|正确的(?:附件|材料)?|更正|现发|再发(?!提醒)|改版|另附|附后"
)
_STORY = re.compile(r"[《“\"][^》”\"]{2,40}[》”\"]")


_ONE_FIRM = re.compile(
    r"有限公司[^。\n]{0,20}(?:不报了|不参加|退出|撤下|拿下|不弄了|取消推荐|去掉|换下|自愿放弃|申报撤回)"
    r"|(?:拿掉|去掉|撤下|换下|把)[^。\n]{0,20}有限公司[^。\n]{0,6}(?:$|拿|撤|去|换)"
)
"""A body, or an agent, takes one firm back; what it says of the others denies nothing."""
_SIMPLE = str.maketrans("銷報請貴會們撤棄參單內終與評選", "销报请贵会们撤弃参单内终与评选")


def withdraws(subject: str, words: str) -> str:
    """Return the sentence in which the sender takes its application back; empty where it does not."""
    subject = unicodedata.normalize("NFKC", subject).translate(_SIMPLE)
    text = unicodedata.normalize("NFKC", words)[:4000].translate(_SIMPLE)
    whole = f"{_bare(subject)}\n{text}"
    for sentence in _sentences(text):
        if _ONE_FIRM.search(sentence) and not (_ASKS.search(sentence) or _SUPPOSES.search(sentence)):
            return sentence.strip()
    if _DENIES.search(whole) or _AGAIN.search(_STORY.sub("", whole)):
        return ""
    for sentence in _sentences(text):
        if _counts(sentence, whole):
            return sentence.strip()
    head = _bare(subject)
    if _SENDS.search(text):
        return ""
    asked = any(_ASKS.search(one) or _SUPPOSES.search(one) for one in _sentences(text))
    return "" if asked or not _counts(head, whole) else head


def _counts(sentence: str, whole: str) -> bool:
    """Whether a sentence takes the application back. One that names nothing speaks of what the mail is about."""
    plain = _STORY.sub("", sentence)
    if _STRONG.search(plain) is None or _ASKS.search(plain) or _SUPPOSES.search(plain) or _PERSON.search(plain):
        return False
    clause = _clause(plain)
    if _OTHER.search(clause):
        return False
    named = re.search(_OURS, clause) is not None
    return named or not (_OTHER.search(_first_words(whole)) or _SENDS.search(whole))


def _first_words(whole: str) -> str:
    """Return the subject and the sentences that take something back: what a bare one speaks of."""
    said = [one for one in _sentences(whole) if _STRONG.search(one)]
    return "\n".join([whole.partition("\n")[0], *(_STORY.sub("", one) for one in said)])


def _clause(sentence: str) -> str:
    """Return the part of a sentence around what takes back: between the commas beside it."""
    match = _STRONG.search(sentence)
    if match is None:
        return sentence
    start = max(sentence.rfind(mark, 0, match.start()) for mark in "，,:") + 1
    ends = [at for mark in "，,:" if (at := sentence.find(mark, match.end())) >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def _sentences(text: str) -> list[str]:
    return [one for one in re.findall(r"[^。！!\n；;?？]+[?？]?", text) if one.strip()]


def _bare(subject: str) -> str:
    return re.sub(r"\A(?:\s*(?:re|fwd?|回复|答复|转发|回覆)\s*[:：])+\s*", "", subject, flags=re.IGNORECASE)
