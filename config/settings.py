"""Where and how this installation runs (运行设置): the only place that reads the environment.

Settings come from the environment and from a ``.env`` file, prefix ``ZHENGJI_``; the environment wins. Nothing is
read at import. Every fault is reported at once, each as one Chinese sentence that names the key and the cure; a
``ZHENGJI_`` key that nobody would read is a fault too, because a slip in a name would otherwise stay unseen.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from rapidfuzz import fuzz, process

from config.env_file import read_env_file

PREFIX = "ZHENGJI_"
_ONLY_OURS = frozenset({"imap", "smtp", "reply", "send", "letters", "digest", "poll", "reader", "settle", "own"})
"""First words of settings that no other program's keys in the same file would have by chance."""
Tls = Literal["implicit", "starttls", "none"]


class SettingsFault(Exception):  # noqa: N818 - one word for one thing: a Fault in the settings
    """Settings that cannot be used (设置有误); ``faults`` holds one Chinese sentence for each fault."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def split(raw: object) -> object:
    """Split a comma-separated text into its items; ASCII and Chinese commas and semicolons all divide."""
    if not isinstance(raw, str):
        return raw
    for mark in "，；;\n":
        raw = raw.replace(mark, ",")
    return tuple(item.strip() for item in raw.split(",") if item.strip())


def addresses(items: tuple[str, ...]) -> tuple[str, ...]:
    """Return mail addresses in lower case; ``ValueError`` for one that is none."""
    for item in items:
        local, _, domain = item.partition("@")
        if not local or not domain or " " in item:
            message = f"“{item}”不是邮箱地址；请写成 name@example.com，多个用逗号分开"
            raise ValueError(message)
    return tuple(item.lower() for item in items)


def absolute(path: Path) -> Path:
    """Return the path made absolute, so that a later change of folder moves nothing."""
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        message = f"{path} 中的用户不存在；请写完整路径"
        raise ValueError(message) from error


def user_and_password(secret: SecretStr) -> SecretStr:
    """Accept ``user:password`` or nothing."""
    text = secret.get_secret_value()
    if text and not all(text.partition(":")):
        message = "应为“用户名:密码”"
        raise ValueError(message)
    return secret


def folder(path: Path) -> Path:
    """Return the path made absolute; ``ValueError`` where a file stands there."""
    path = absolute(path)
    if not str(path).isprintable():
        message = "路径里有看不见的字符；请删去重新输入"
        raise ValueError(message)
    if path.exists() and not path.is_dir():
        message = f"{path} 是文件，不是文件夹；请换一个文件夹"
        raise ValueError(message)
    return path


def existing_file(path: Path | None) -> Path | None:
    """Return the path made absolute; ``ValueError`` where no file stands there."""
    if path is None:
        return None
    path = absolute(path)
    if not path.is_file():
        message = f"证书文件 {path} 不存在；请检查路径，公共邮箱请删去此项"
        raise ValueError(message)
    return path


def web_address(text: str) -> str:
    """Accept an HTTP address or nothing."""
    if text and not text.startswith(("http://", "https://")):
        message = f"“{text}”不是网址；请写成 http://127.0.0.1:4200/api"
        raise ValueError(message)
    return text.rstrip("/")


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]
Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split), AfterValidator(addresses)]
Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    """Every setting with its default; ``docs/settings.md`` is generated from the descriptions here."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", validate_default=True)

    home: Annotated[Path, AfterValidator(folder)] = Field(
        Path("data"), description="数据文件夹：原始来信、案卷、数据库都在其中；不存在时自动建立。"
    )
    call: str = Field("cases-2026", min_length=1, description="征集：自带征集的编号，或含 call.toml 的文件夹路径。")
    database_url: str = Field(
        "", repr=False, description="数据库地址（SQLAlchemy 写法）；空为 HOME 中的 SQLite 文件 zhengji.db。"
    )
    imap_host: str = Field("", description="收信服务器主机名。")
    imap_port: Port = Field(993, description="收信端口。")
    imap_tls: Tls = Field("implicit", description="收信加密：implicit（直接 TLS）、starttls、none（仅限本机试用）。")
    imap_user: str = Field("", description="收信账号，通常是完整邮箱地址。")
    imap_password: SecretStr = Field(
        SecretStr(""), description="收信授权码（163、QQ 等在邮箱设置中生成，不是登录密码）。"
    )
    imap_ca_file: Annotated[Path | None, AfterValidator(existing_file)] = Field(
        None, description="自签证书的 CA 文件；公共邮箱不用设置。"
    )
    imap_folders: Texts = Field((), description="要查看的文件夹，逗号分开；空为收件箱和垃圾、病毒、广告邮件夹。")
    smtp_host: str = Field("", description="发信服务器主机名。")
    smtp_port: Port = Field(465, description="发信端口。")
    smtp_tls: Tls = Field("implicit", description="发信加密：implicit、starttls、none（仅限本机试用）。")
    smtp_user: str = Field("", description="发信账号；空为收信账号。")
    smtp_password: SecretStr = Field(SecretStr(""), description="发信授权码；空为收信授权码。")
    smtp_from: str = Field("", description="回信的发件地址；空为发信账号。")
    provider: Literal["auto", "163", "qq", "exmail", "aliyun", "generic"] = Field(
        "auto", description="邮箱服务商；auto 按主机名判断。"
    )
    trusted_authserv: Texts = Field(
        (), description="收信服务器在 Authentication-Results 中的名称，逗号分开；163 等网易邮箱不用设置。"
    )
    own_addresses: Addresses = Field((), description="我方其他邮箱地址，逗号分开；它们的来信不作申报、不回信。")
    reply_mode: Literal["send", "approve", "draft", "off"] = Field(
        "approve", description="回信方式：send 直接发；approve 补正信待经办放行；draft 存草稿箱；off 只拟不发。"
    )
    settle_minutes: Annotated[int, Field(ge=0)] | None = Field(
        None, description="收到来信后等多少分钟再回（合并连发的几封）；空为征集自己的口径。"
    )
    send_interval_seconds: Annotated[int, Field(ge=0)] = Field(20, description="两封回信之间至少相隔的秒数。")
    send_per_15_minutes: Annotated[int, Field(ge=1)] = Field(30, description="任意15分钟内最多发出的封数。")
    send_per_day: Annotated[int, Field(ge=1)] = Field(90, description="任意24小时内最多发出的封数。")
    letters_per_address_day: Annotated[int, Field(ge=1)] = Field(3, description="同一地址每天最多收到的封数。")
    letters_per_address_season: Annotated[int, Field(ge=1)] = Field(
        10, description="同一地址整个征集期最多收到的封数。"
    )
    letters_per_submission_day: Annotated[int, Field(ge=1)] = Field(3, description="同一申报每天最多发出的封数。")
    unknown_wait_minutes: Annotated[int, Field(ge=0)] = Field(
        10, description="发信结果不明时，等多少分钟再到已发送中查找。"
    )
    digest_to: Addresses = Field((), description="每日简报的收件地址，逗号分开；空为不发。")
    recommender_digest: Literal["off", "weekly", "daily"] = Field(
        "off",
        description="推荐单位简报，发给名单中有邮箱的推荐单位，没有变化不发："
        "weekly 每周第一个工作日，daily 每个工作日，off 不定时发（仍可用 zhengji digest --recommender）。",
    )
    poll_seconds: Seconds = Field(120, description="每隔多少秒收一次信。")
    silent_minutes: Seconds = Field(15, description="连续多少分钟收信不成功就告警。")
    max_attempts: Annotated[int, Field(ge=1)] = Field(3, description="一封来信最多试读几次，之后隔离待查。")
    reader_workers: Annotated[int, Field(ge=1, le=64)] = Field(1, description="同时读文件的子进程数。")
    reader_threads: Annotated[int, Field(ge=1, le=64)] | None = Field(
        None, description="每个读文件的子进程识别文字所用的线程数；空为按核数与子进程数平分，最多4。"
    )
    reader_seconds: Seconds = Field(120, description="读一封来信的时限（秒）。")
    secret: SecretStr = Field(
        SecretStr(""), description="签发受理标记用的密钥；空为首次运行时在 HOME 中生成并保存（文件 secret）。"
    )
    prefect_auth: Annotated[SecretStr, AfterValidator(user_and_password)] = Field(
        SecretStr(""),
        description="Prefect 界面的“用户名:密码”；空为首次运行时生成并保存（HOME 中的文件 prefect-auth）。",
    )
    prefect_api_url: Annotated[str, AfterValidator(web_address)] = Field(
        "", description="已有 Prefect 服务器的 API 地址；空为环境变量 PREFECT_API_URL，再空则在本机启动一个。"
    )
    ui_port: Port = Field(4200, description="Prefect 界面的端口，只在本机打开。")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="日志详细程度。")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings passes them by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values only as given: ``load_settings`` gathers them, so that a test never sees this machine's own."""
        return (init_settings,)

    @property
    def smtp_login(self) -> tuple[str, SecretStr]:
        """The account that letters are sent with: the SMTP one, else the IMAP one."""
        return (self.smtp_user or self.imap_user, self.smtp_password or self.imap_password)

    @property
    def sender(self) -> str:
        """The address that letters come from, in lower case."""
        return (self.smtp_from or self.smtp_user or self.imap_user).lower()

    @property
    def ours(self) -> tuple[str, ...]:
        """Every address of ours, in lower case and without repeats: mail from them is never an application."""
        known = (self.imap_user.lower(), self.smtp_user.lower(), self.sender, *self.own_addresses)
        return tuple(dict.fromkeys(address for address in known if "@" in address))


def load_settings(env: Mapping[str, str] | None = None, env_file: Path | str | None = None) -> Settings:
    """Read the settings; ``SettingsFault`` with every fault where they cannot be used.

    ``env`` is the process environment unless given. ``env_file`` is ``.env`` in the working folder unless given (a
    named file must exist); a given ``env`` without a file reads no file. An empty value counts as not set.
    """
    from_file, faults = read_file(
        env_file if env_file is not None or env is not None else Path(".env"), named=env_file is not None
    )
    known = tuple(Settings.model_fields)
    faults += [told for key in from_file if (told := nearly_ours(key, known))]
    gathered = upper(from_file) | upper(dict(os.environ if env is None else env))
    faults += [told for key in gathered if key not in upper(from_file) and (told := misspelt_prefix(key, known))]
    given = {key: text for key, text in gathered.items() if key.startswith(PREFIX)}
    values: dict[str, str] = {}
    for key, text in given.items():
        name = key[len(PREFIX) :].lower()
        if name not in known:
            faults.append(unknown(key, known))
        elif text.strip():
            values[name] = text.strip()
    values.setdefault("prefect_api_url", gathered.get("PREFECT_API_URL", ""))
    settings: Settings | None = None
    try:
        settings = Settings(**values)  # type: ignore[arg-type]  # texts: pydantic turns them into the types
    except ValidationError as error:
        faults += [sentence(dict(one)) for one in error.errors(include_url=False)]
    if faults or settings is None:
        raise SettingsFault(tuple(faults))
    return settings


def upper(given: Mapping[str, str]) -> dict[str, str]:
    """Return our keys in capitals, so that one name is one setting; others as they are."""
    return {key.upper() if key.upper().startswith(PREFIX) else key: text for key, text in given.items()}


def read_file(path: Path | str | None, *, named: bool) -> tuple[dict[str, str], list[str]]:
    """Return what a ``.env`` file sets and what is wrong in it; an absent one is empty unless someone named it."""
    if path is None:
        return {}, []
    path = Path(path)
    if not path.exists() and not path.is_symlink():
        if named:
            raise SettingsFault((f"设置文件 {path} 不存在；请检查路径。",))
        astray = path.with_name(f"{path.name}.txt")
        return {}, [f"设置文件 {path} 不存在，却有 {astray}；请把它改名为 {path.name}。"] if astray.is_file() else []
    if not path.is_file():
        raise SettingsFault((f"设置文件 {path} 不是文件（是文件夹，或链接所指的文件不在）；请换成文本文件。",))
    try:
        read, faults = read_env_file(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsFault(
            (f"设置文件 {path} 无法读取（{type(error).__name__}）；请存为 UTF-8 文本并允许读取。",)
        ) from error
    return read, list(faults)


def nearly_ours(key: str, known: tuple[str, ...]) -> str:
    """Say of a key in our own file that it lacks the prefix or misspells it; empty where it is another program's."""
    name = key.lower()
    if name in known and name.partition("_")[0] in _ONLY_OURS:
        return f"{key}：少了前缀；应为 {PREFIX}{name.upper()}。"
    return misspelt_prefix(key, known)


def misspelt_prefix(key: str, known: tuple[str, ...]) -> str:
    """Say that a key is one of ours but for a slip in its prefix; empty for any other."""
    if key.upper().startswith(PREFIX):
        return ""
    prefix, _, name = key.upper().partition("_")
    slip = fuzz.ratio(prefix, PREFIX[:-1]) >= 70 and name.lower() in known
    return f"{key}：前缀写错了；应为 {PREFIX}{name}。" if slip else ""


def unknown(key: str, known: tuple[str, ...]) -> str:
    """Say that nobody reads this key, with the key it was probably meant to be."""
    hit = process.extractOne(key[len(PREFIX) :].lower(), known, score_cutoff=60)
    hint = f"是否应为 {PREFIX}{hit[0].upper()}？" if hit else "请删去，全部设置见 docs/settings.md。"
    return f"{key}：没有这项设置；{hint}"


def sentence(error: Mapping[str, Any]) -> str:
    """Turn one of pydantic's errors into a Chinese sentence; the value of a secret is never shown."""
    name = str(error["loc"][0]) if error["loc"] else ""
    kind, context = str(error["type"]), error.get("ctx", {})
    hidden = name in {"imap_password", "smtp_password", "secret", "prefect_auth"}
    now = "" if hidden else f"，现为“{error.get('input')}”"
    wording: dict[str, Callable[[], str]] = {
        "int_parsing": lambda: f"应为整数{now}；请改正。",
        "greater_than_equal": lambda: f"不能小于 {context['ge']}{now}；请改正。",
        "less_than_equal": lambda: f"不能大于 {context['le']}{now}；请改正。",
        "literal_error": lambda: f"应为 {choices(context['expected'])} 之一{now}；请改正。",
        "value_error": lambda: f"{context['error']}。",
    }
    told = wording.get(kind, lambda: f"值无效{now}（{kind}）；请对照 docs/settings.md 改正。")()
    return f"{PREFIX}{name.upper()}：{told}"


def choices(expected: object) -> str:
    """Return pydantic's list of allowed words in Chinese punctuation."""
    return "、".join(word.strip(" '") for word in str(expected).replace(" or ", ",").split(","))


def require_mail(settings: Settings) -> None:
    """Raise ``SettingsFault`` where something is missing that receiving and sending mail needs."""
    needed = {
        "IMAP_HOST": (settings.imap_host, "收信服务器，如 imap.163.com"),
        "IMAP_USER": (settings.imap_user, "收信账号，如 zjzjtxqycjfh@163.com"),
        "IMAP_PASSWORD": (settings.imap_password.get_secret_value(), "收信授权码，在邮箱的网页设置中生成"),
    }
    if settings.reply_mode in {"send", "approve"}:
        needed["SMTP_HOST"] = (settings.smtp_host, "发信服务器，如 smtp.163.com；暂不回信请设 ZHENGJI_REPLY_MODE=off")
    faults = tuple(f"{PREFIX}{key}：未设置；请填写{cure}。" for key, (text, cure) in needed.items() if not text)
    if faults:
        raise SettingsFault(faults)


def load_secret(settings: Settings) -> bytes:
    """Return the key that signs our thread tokens: the setting, else the one kept in ``HOME/secret``.

    The file is made once, with mode 0600, and never changed: tokens in letters already sent must stay valid.
    ``SettingsFault`` where it cannot be made or read.
    """
    given = settings.secret.get_secret_value()
    return given.encode() if given else kept_once(settings.home / "secret", secrets.token_hex(32)).encode()


def load_prefect_auth(settings: Settings) -> str:
    """Return the ``user:password`` of the Prefect UI: the setting, else the one kept in ``HOME/prefect-auth``."""
    given = settings.prefect_auth.get_secret_value()
    return given or kept_once(settings.home / "prefect-auth", f"zhengji:{secrets.token_urlsafe(12)}")


def kept_once(path: Path, fresh: str) -> str:
    """Return what this file holds; the first call makes it, with mode 0600, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.parent / f".{path.name}.{os.getpid()}"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(fresh)
        try:
            # A link appears whole or not at all, and never over an older file.
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
        kept = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"{PREFIX}HOME：文件 {path} 无法建立或读取（{type(error).__name__}）；请允许读写该文件夹。"
        raise SettingsFault((sentence,)) from error
    if not kept:
        # An empty key would sign tokens that anybody can forge.
        raise SettingsFault((f"{PREFIX}HOME：文件 {path} 是空的；请从备份恢复，没有备份则删去它，重新生成。",))
    return kept


def settings_table() -> str:
    """Return ``docs/settings.md``: every setting with its default and meaning."""
    lines = [
        "# 设置",
        "",
        "由 `config/settings.py` 生成，请勿手改：`python -m config.settings > docs/settings.md`。",
        "写在环境变量或工作文件夹的 `.env` 中，环境变量优先；空值等于未设。",
        "`.env` 一行一项“名称=值”，说明以 # 开头；值里有空格、#、$、反斜杠或引号的，用英文单引号包住，按原样读取。",
        "不是这样写的行（引号没有合上、全角 ＝、`${…}`、重复的名称、少了前缀）连同行号一并报出，程序不启动。",
        "",
        "| 名称 | 默认 | 含义 |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = "" if default in (None, "", ()) else f"`{default}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(settings_table())
