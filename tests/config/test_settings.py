"""Settings: where they come from, and every fault in one sentence with its key and cure."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config.settings import (
    PREFIX,
    Settings,
    SettingsFault,
    load_secret,
    load_settings,
    require_mail,
    settings_table,
)
from store.engine import open_store

ROOT = Path(__file__).parents[2]


def faults(env: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsFault) as caught:
        load_settings(env)
    return caught.value.faults


def test_without_any_setting_the_defaults_are_safe() -> None:
    settings = load_settings({})

    assert settings.call == "cases-2026"
    assert settings.reply_mode == "approve"
    assert settings.home == Path("data").absolute()
    assert settings.database_url == ""
    assert (settings.send_interval_seconds, settings.send_per_15_minutes, settings.send_per_day) == (20, 30, 90)
    assert settings.settle_minutes is None


def test_this_machines_own_environment_is_read_only_where_no_other_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGJI_POLL_SECONDS", "7")

    assert load_settings().poll_seconds == 7
    assert load_settings({}).poll_seconds == 120


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.env"
    file.write_text("# 注释\nZHENGJI_POLL_SECONDS=30\nZHENGJI_IMAP_USER=a@example.com\nOTHER=1\n", "utf-8")
    settings = load_settings({"ZHENGJI_POLL_SECONDS": "60"}, file)

    assert (settings.poll_seconds, settings.imap_user) == (60, "a@example.com")


def test_a_dot_env_beside_the_program_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ZHENGJI_POLL_SECONDS=33\n", "utf-8")
    monkeypatch.chdir(tmp_path)

    assert load_settings().poll_seconds == 33
    assert load_settings({}).poll_seconds == 120


def test_the_database_follows_the_data_folder(tmp_path: Path) -> None:
    odd = tmp_path / "申报 2026（一）" / "数据#1?50%20"
    open_store(load_settings({"ZHENGJI_HOME": str(odd)}).database_url, odd).close()

    assert (odd / "zhengji.db").stat().st_size > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["申报 2026（一）"]
    assert (
        load_settings({"ZHENGJI_DATABASE_URL": "postgresql+psycopg://h/d"}).database_url == "postgresql+psycopg://h/d"
    )


def test_a_prefect_server_elsewhere_is_named_by_either_variable() -> None:
    address = "http://prefect.example.com:4200/api"

    assert load_settings({}).prefect_api_url == ""
    assert load_settings({"PREFECT_API_URL": f"{address}/"}).prefect_api_url == address
    assert load_settings({"PREFECT_API_URL": "http://x", "ZHENGJI_PREFECT_API_URL": address}).prefect_api_url == address
    assert faults({"ZHENGJI_PREFECT_API_URL": "prefect"}) == (
        "ZHENGJI_PREFECT_API_URL：“prefect”不是网址；请写成 http://127.0.0.1:4200/api。",
    )


def test_an_empty_value_counts_as_not_set() -> None:
    assert load_settings({"ZHENGJI_POLL_SECONDS": " ", "ZHENGJI_IMAP_PORT": ""}) == load_settings({})


def test_lists_are_divided_by_any_comma_and_addresses_are_lowered() -> None:
    settings = load_settings(
        {"ZHENGJI_DIGEST_TO": "A@example.com，b@example.com; c@example.com", "ZHENGJI_IMAP_FOLDERS": "INBOX,垃圾邮件"}
    )

    assert settings.digest_to == ("a@example.com", "b@example.com", "c@example.com")
    assert settings.imap_folders == ("INBOX", "垃圾邮件")


def test_every_fault_is_told_at_once_with_key_and_cure(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert faults(
        {
            "ZHENGJI_SMPT_HOST": "smtp.example.com",
            "ZHENGJI_COLOUR_OF_THE_SKY": "blue",
            "ZHENGJI_IMAP_PORT": "imap",
            "ZHENGJI_SMTP_PORT": "70000",
            "ZHENGJI_REPLY_MODE": "always",
            "ZHENGJI_READER_WORKERS": "0",
            "ZHENGJI_DIGEST_TO": "someone",
            "ZHENGJI_PREFECT_AUTH": "hunter2",
            "ZHENGJI_HOME": str(file),
            "ZHENGJI_IMAP_CA_FILE": str(tmp_path / "none.pem"),
        }
    ) == (
        "ZHENGJI_SMPT_HOST：没有这项设置；是否应为 ZHENGJI_SMTP_HOST？",
        "ZHENGJI_COLOUR_OF_THE_SKY：没有这项设置；请删去，全部设置见 docs/settings.md。",
        f"ZHENGJI_HOME：{file} 是文件，不是文件夹；请换一个文件夹。",
        "ZHENGJI_IMAP_PORT：应为整数，现为“imap”；请改正。",
        f"ZHENGJI_IMAP_CA_FILE：证书文件 {tmp_path / 'none.pem'} 不存在；请检查路径，公共邮箱请删去此项。",
        "ZHENGJI_SMTP_PORT：不能大于 65535，现为“70000”；请改正。",
        "ZHENGJI_REPLY_MODE：应为 send、approve、draft、off 之一，现为“always”；请改正。",
        "ZHENGJI_DIGEST_TO：“someone”不是邮箱地址；请写成 name@example.com，多个用逗号分开。",
        "ZHENGJI_READER_WORKERS：不能小于 1，现为“0”；请改正。",
        "ZHENGJI_PREFECT_AUTH：应为“用户名:密码”。",
    )


def test_no_fault_and_no_print_shows_a_secret() -> None:
    env = {
        "ZHENGJI_IMAP_PASSWORD": "s3cret-imap",
        "ZHENGJI_SMTP_PASSWORD": "s3cret-smtp",
        "ZHENGJI_SECRET": "s3cret-key",
        "ZHENGJI_PREFECT_AUTH": "admin:s3cret-ui",
    }

    assert "s3cret" not in repr(load_settings(env))
    assert "s3cret" not in "".join(faults({**env, "ZHENGJI_PREFECT_AUTH": "s3cret-ui", "ZHENGJI_IMAP_PORT": "x"}))


def test_an_address_with_a_password_in_it_is_not_shown_in_the_database_url() -> None:
    settings = load_settings({"ZHENGJI_DATABASE_URL": "postgresql+psycopg://zhengji:s3cret@h/d"})

    assert "s3cret" not in repr(settings)
    assert settings.database_url.endswith("s3cret@h/d")


def test_a_named_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault) as caught:
        load_settings({}, tmp_path / "none.env")

    assert caught.value.faults == (f"设置文件 {tmp_path / 'none.env'} 不存在；请检查路径。",)


def test_mail_needs_a_host_an_account_and_a_password() -> None:
    with pytest.raises(SettingsFault) as caught:
        require_mail(load_settings({"ZHENGJI_IMAP_HOST": "imap.example.com"}))

    assert caught.value.faults == (
        "ZHENGJI_IMAP_USER：未设置；请填写收信账号，如 zjzjtxqycjfh@163.com。",
        "ZHENGJI_IMAP_PASSWORD：未设置；请填写收信授权码，在邮箱的网页设置中生成。",
        "ZHENGJI_SMTP_HOST：未设置；请填写发信服务器，如 smtp.163.com；暂不回信请设 ZHENGJI_REPLY_MODE=off。",
    )


def test_a_shadow_run_needs_no_smtp() -> None:
    env = {
        "ZHENGJI_IMAP_HOST": "h",
        "ZHENGJI_IMAP_USER": "a@example.com",
        "ZHENGJI_IMAP_PASSWORD": "p",
        "ZHENGJI_REPLY_MODE": "off",
    }

    require_mail(load_settings(env))


def test_letters_come_from_the_first_account_that_is_named() -> None:
    env = {
        "ZHENGJI_IMAP_USER": "Box@example.com",
        "ZHENGJI_IMAP_PASSWORD": "p",
        "ZHENGJI_OWN_ADDRESSES": "b@example.com",
    }
    plain = load_settings(env)
    other = load_settings({**env, "ZHENGJI_SMTP_USER": "out@example.com", "ZHENGJI_SMTP_FROM": "Office@example.com"})

    assert (plain.sender, plain.smtp_login[0], plain.smtp_login[1].get_secret_value()) == (
        "box@example.com",
        "Box@example.com",
        "p",
    )
    assert plain.ours == ("box@example.com", "b@example.com")
    assert (other.sender, other.smtp_login[0]) == ("office@example.com", "out@example.com")
    assert other.ours == ("box@example.com", "out@example.com", "office@example.com", "b@example.com")


def test_the_secret_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    settings = load_settings({"ZHENGJI_HOME": str(tmp_path / "new")})
    first = load_secret(settings)

    assert len(first) == 64
    assert load_secret(settings) == first
    assert load_secret(load_settings({"ZHENGJI_HOME": str(tmp_path / "other")})) != first
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]


def test_a_given_secret_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    settings = load_settings({"ZHENGJI_HOME": str(tmp_path), "ZHENGJI_SECRET": "mine"})

    assert load_secret(settings) == b"mine"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_secret_file_is_a_fault_and_not_a_key(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(SettingsFault):
        load_secret(load_settings({"ZHENGJI_HOME": str(tmp_path)}))


def test_settings_cannot_be_changed_after_loading() -> None:
    settings = load_settings({})
    with pytest.raises(ValueError, match="frozen"):
        settings.poll_seconds = 1  # type: ignore[misc]


def test_every_setting_is_documented_as_it_stands_today() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")

    assert text == settings_table()
    for name, field in Settings.model_fields.items():
        assert f"`{PREFIX}{name.upper()}`" in text
        assert field.description
        assert field.description.endswith("。")
