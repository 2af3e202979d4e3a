"""Who asks how to apply, who asks how far their materials are, and who asks something else."""

import pytest

from parsers.mail.asks_how import asks_how_far, asks_how_to_apply

HOW = (
    "请问怎么申报？",
    "我们公司想申报，需要提交哪些材料？",
    "不是会员单位可以申报吗？",
    "请问报名流程是怎样的",
    "请问专精特新企业能否参加？",
    "如何推荐企业？",
    "我司拟申报，请问报送方式",
    "现在还能报名吗？",
)
FAR = (
    "材料收到没有？",
    "请问我公司的申报材料收到了吗？",
    "麻烦确认一下是否收到",
    "上周发的邮件不知道收到没",
    "材料齐全了吗？",
    "想了解一下审核进度",
    "请问申报的材料有没有收到？怎么申报的结果还没出",
    "邮件收到了么",
)
OTHER = ("照片要多大？", "纸质件寄到哪里？", "谢谢！", "推荐单位一栏怎么写？", "我们没有收到通知", "截止时间能延期吗？")


@pytest.mark.parametrize("words", HOW)
def test_a_question_about_how_to_apply_is_one(words: str) -> None:
    assert (asks_how_to_apply(words), asks_how_far(words)) == (True, False)


@pytest.mark.parametrize("words", FAR)
def test_a_question_about_what_was_sent_is_never_one_about_how_to_apply(words: str) -> None:
    assert (asks_how_to_apply(words), asks_how_far(words)) == (False, True)


@pytest.mark.parametrize("words", OTHER)
def test_another_question_is_neither(words: str) -> None:
    assert (asks_how_to_apply(words), asks_how_far(words)) == (False, False)
