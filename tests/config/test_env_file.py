"""The ``.env`` file: each line is taken as it is meant, or refused with its number; never another mode than meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.settings import SettingsFault, load_settings


def told(tmp_path: Path, content: str | bytes) -> tuple[str, ...]:
    """Every fault of a file, without its folder."""
    path = tmp_path / ".env"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsFault) as caught:
        load_settings({}, path)
    return tuple(fault.replace(str(tmp_path), "…") for fault in caught.value.faults)


SLIPS = {
    "unclosed": ('ZHENGJI_REPLY_MODE="off', "ZHENGJI_REPLY_MODE 的引号没有合上"),
    "closed-by-the-next": ("ZHENGJI_REPLY_MODE='off\nZHENGJI_IMAP_PASSWORD='ab'", "ZHENGJI_REPLY_MODE 的引号没有合上"),
    "over-two-lines": ('ZHENGJI_IMAP_PASSWORD="ab\ncd"', "ZHENGJI_IMAP_PASSWORD 的引号没有合上"),
    "more-behind": ('ZHENGJI_REPLY_MODE="off"now', "引号后面还有文字"),
    "two-words": ('ZHENGJI_IMAP_PASSWORD="a"b"', "引号后面还有文字"),
    "curly": ("ZHENGJI_REPLY_MODE=“off”", "用了中文引号"),
    "no-equals": ("ZHENGJI_REPLY_MODE off", "请补上英文等号"),
    "full-width-equals": ("ZHENGJI_REPLY_MODE＝off", "用了全角符号"),
    "blank-and-full-width": ("ZHENGJI_REPLY_MODE ＝off", "用了全角符号"),
    "full-width-and-an-equals": ("ZHENGJI_IMAP_PASSWORD＝ab=cd", "用了全角符号"),
    "colon": ("ZHENGJI_REPLY_MODE: off", "请补上英文等号"),
    "full-width-colon": ("ZHENGJI_REPLY_MODE：off", "用了全角符号"),
    "windows-set": ("set ZHENGJI_REPLY_MODE=off", "名称含有空格或其他符号"),
    "minus": ("ZHENGJI-REPLY-MODE=off", "名称含有空格或其他符号"),
    "zero-width": ("\u200bZHENGJI_REPLY_MODE=off", "名称含有空格或其他符号"),
    "no-break-space": ("ZHENGJI_REPLY_MODE\u00a0=off", "名称含有空格或其他符号"),
    "no-name": ("=off", "名称含有空格或其他符号"),
    "comment-without-mark": ("先不回信", "请补上英文等号"),
    "slashes": ("// 先不回信", "请补上英文等号"),
    "section": ("[zhengji]", "请补上英文等号"),
    "merge": ("<<<<<<< HEAD", "请补上英文等号"),
    "reference": ("ZHENGJI_IMAP_PASSWORD=ab${HOME}cd", "不作替换"),
    "reference-in-quotes": ('ZHENGJI_IMAP_PASSWORD="ab${HOME}cd"', "不作替换"),
    "command": ("ZHENGJI_IMAP_PASSWORD=$(cat code)", "不作替换"),
    "backslash": ('ZHENGJI_IMAP_PASSWORD="a\\tb"', "反斜杠"),
    "unseen-in-the-code": ("ZHENGJI_IMAP_PASSWORD=ab\u200bcd", "看不见的字符"),
    "twice": ("ZHENGJI_REPLY_MODE=off\nzhengji_reply_mode=send", "在第 1 行已经写过"),
    "prefix-left-out": ("REPLY_MODE=off", "少了前缀；应为 ZHENGJI_REPLY_MODE"),
    "prefix-misspelt": ("ZHENJI_REPLY_MODE=off", "前缀写错了；应为 ZHENGJI_REPLY_MODE"),
}
"""What operators write, and the words that tell them."""


@pytest.mark.parametrize("slip", SLIPS)
def test_a_line_that_cannot_be_taken_as_it_is_meant_is_refused(slip: str, tmp_path: Path) -> None:
    content, words = SLIPS[slip]
    faults = told(tmp_path, content)

    assert words in faults[0]
    assert slip.startswith("prefix") or re.match(r"设置文件 …/\.env 第 [12] 行", faults[0])


def test_every_bad_line_is_told_with_its_number_and_none_shows_a_password(tmp_path: Path) -> None:
    lines = (
        "\ufeff# 设置",
        "",
        "ZHENGJI_IMAP_PASSWORD='s3cret",
        'ZHENGJI_SMTP_PASSWORD="s3cret\\n"',
        "ZHENGJI_SECRET s3cret",
        "ZHENGJI_PREFECT_AUTH=u:s3cret${X}",
        "ZHENGJI_POLL_SECONDS=x",
    )
    faults = told(tmp_path, "\r\n".join(lines))

    assert faults == (
        "设置文件 …/.env 第 3 行：ZHENGJI_IMAP_PASSWORD 的引号没有合上（一个值只能写在一行里）；请补上 '。",
        (
            "设置文件 …/.env 第 4 行：ZHENGJI_SMTP_PASSWORD 的双引号里有反斜杠 \\，各程序读法不同；"
            "请改用单引号，按原样读取。"
        ),
        "设置文件 …/.env 第 5 行（ZHENGJI_SECRET…）不是“名称=值”：请补上英文等号；说明文字请以 # 开头。",
        (
            "设置文件 …/.env 第 6 行：ZHENGJI_PREFECT_AUTH 的值含有 ${…} 或 $(…)，本程序不作替换；"
            "若原样如此，请用单引号包住。"
        ),
        "ZHENGJI_POLL_SECONDS：应为整数，现为“x”；请改正。",
    )


def test_what_is_written_well_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    lines = (
        "\ufeff# 设置",
        "  export ZHENGJI_IMAP_USER = a@example.com  # 账号",
        "ZHENGJI_IMAP_PASSWORD='ab#c${HOME}\\d\" e' # 授权码",
        'ZHENGJI_SMTP_PASSWORD="p a$s#w"',
        "ZHENGJI_IMAP_HOST=imap.example.com#1",
        "ZHENGJI_SECRET=pa$word=",
        "zhengji_reply_mode=off",
        "ZHENGJI_SMTP_HOST=",
        "ZHENGJI_DIGEST_TO=  # 以后再写",
        "OTHER=1",
        "HOME_PAGE=x",
    )
    path.write_bytes("\r\n".join(lines).encode())
    settings = load_settings({}, path)

    assert settings.imap_user == "a@example.com"
    assert settings.imap_password.get_secret_value() == 'ab#c${HOME}\\d" e'
    assert settings.smtp_password.get_secret_value() == "p a$s#w"
    assert settings.imap_host == "imap.example.com#1"
    assert settings.secret.get_secret_value() == "pa$word="
    assert settings.reply_mode == "off"
    assert (settings.smtp_host, settings.digest_to) == ("", ())


def test_one_name_in_two_spellings_is_one_setting_and_the_environment_wins(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("ZHENGJI_REPLY_MODE=send\n")

    assert load_settings({"zhengji_reply_mode": "off"}, path).reply_mode == "off"


def test_a_misspelt_prefix_in_the_environment_is_told() -> None:
    with pytest.raises(SettingsFault) as caught:
        load_settings({"ZHENJI_REPLY_MODE": "off", "REPLY_MODE": "other program", "XHJ_HOME": "x"})

    assert caught.value.faults == ("ZHENJI_REPLY_MODE：前缀写错了；应为 ZHENGJI_REPLY_MODE。",)


def test_a_folder_a_dead_link_or_a_txt_in_place_of_the_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    seen = []
    for make in (
        lambda: Path(".env").mkdir(),
        lambda: Path(".env").symlink_to("gone"),
        lambda: Path(".env.txt").write_text("ZHENGJI_REPLY_MODE=off"),
    ):
        make()
        with pytest.raises(SettingsFault) as caught:
            load_settings()
        seen += caught.value.faults
        if Path(".env").is_symlink():
            Path(".env").unlink()
        elif Path(".env").exists():
            Path(".env").rmdir()

    assert seen == [
        "设置文件 .env 不是文件（是文件夹，或链接所指的文件不在）；请换成文本文件。",
        "设置文件 .env 不是文件（是文件夹，或链接所指的文件不在）；请换成文本文件。",
        "设置文件 .env 不存在，却有 .env.txt；请把它改名为 .env。",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfeZ\x00H\x00", "# 设置\nZHENGJI_REPLY_MODE=off".encode("gbk")])
def test_a_file_in_another_encoding_is_told(content: bytes, tmp_path: Path) -> None:
    assert told(tmp_path, content) == ("设置文件 …/.env 无法读取（UnicodeDecodeError）；请存为 UTF-8 文本并允许读取。",)


@pytest.mark.parametrize("home", ["~nobody-of-this-name/data", "a\0b", "a\u200bb"])
def test_a_home_that_cannot_be_is_told_and_not_a_traceback(home: str) -> None:
    with pytest.raises(SettingsFault) as caught:
        load_settings({"ZHENGJI_HOME": home})

    assert caught.value.faults[0].startswith("ZHENGJI_HOME：")
