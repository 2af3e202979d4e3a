"""Commands that run the line (运行): demo, serve, run."""

from __future__ import annotations

import contextlib
import signal
from datetime import datetime
from importlib.util import find_spec

import click

from config.load import find_call
from config.logs import set_up_logs, without_tracebacks
from config.process import extend_environment
from config.settings import load_prefect_auth, load_settings, require_mail
from flows.checks.registry import open_call
from flows.cli.options import now_option
from flows.steps.cycle import run_cycle
from flows.steps.holding import the_only_serve
from flows.steps.orchestrator import require_server, running_server, server_environment
from flows.steps.workshop import open_workshop, system_now


@click.command()
@click.option("--once", is_flag=True, help="跑完整个演示即退出（退出码 0 表示与预期一致）。")
@click.option("--no-ui", is_flag=True, help="不启动 Prefect 界面。")
@click.option("--into", type=click.Path(file_okay=False), default="zhengji-demo", help="演示数据放在哪个文件夹。")
@click.pass_context
def demo(ctx: click.Context, *, once: bool, no_ui: bool, into: str) -> None:
    """演示：本机邮件服务器上的一季来信，真实收信、审核、回信，界面同时打开。"""
    missing = [name for name in ("aiosmtpd", "reportlab") if find_spec(name) is None]
    if missing:
        click.echo(f"演示还需要 {'、'.join(missing)}：请在项目文件夹里运行 make demo，它会自行装好。", err=True)
        ctx.exit(2)
    from flows.demo.world import run_demo  # noqa: PLC0415 - the demo's makers load slowly; other commands need none

    ctx.exit(run_demo(into, once=once, with_ui=not no_ui))


@click.command()
def serve() -> None:
    """启动 Prefect 服务和全部日程（收信、发信、简报、提醒、对账），直到 Ctrl-C。"""
    settings = load_settings()
    set_up_logs(settings.log_level)
    require_mail(settings)
    open_call(find_call(settings.call))
    with open_workshop(settings):
        # A database that is lost, or of another site, is refused here and not run by run.
        pass
    elsewhere = settings.prefect_api_url
    # A service is stopped by SIGTERM: as tidily as by Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with contextlib.ExitStack() as stack:
        stack.enter_context(the_only_serve(settings.home, system_now()))
        if elsewhere:
            require_server(elsewhere)
            extend_environment({"PREFECT_API_URL": elsewhere, "PYTHONSAFEPATH": "1"})
            click.echo(f"使用已有的 Prefect 服务：{elsewhere}")
        else:
            environment = server_environment(settings.home, settings.ui_port, auth=load_prefect_auth(settings))
            extend_environment(environment)
            stack.enter_context(running_server(environment, settings.home / "prefect" / "server.log"))
            click.echo(f"界面：http://127.0.0.1:{settings.ui_port}  停止：Ctrl-C")
            click.echo(f"登录密码见 {settings.home / 'prefect-auth'}")
        from flows.serve import serve_forever  # noqa: PLC0415 - Prefect reads its environment when it is imported

        without_tracebacks()
        with contextlib.suppress(KeyboardInterrupt):
            serve_forever(settings)


@click.command()
@click.option("--once", is_flag=True, required=True, help="只跑一轮：收信、审核、回信，直到没有可做的。")
@now_option
@click.pass_context
def run(ctx: click.Context, *, once: bool, now: datetime) -> None:
    """不用 Prefect，按一次跑完：收信、审核、回信，直到没有可做的。"""
    del once
    settings = load_settings()
    set_up_logs(settings.log_level)
    with open_workshop(settings) as shop:
        report = run_cycle(shop, now)
    click.echo(report.sentence())
    if report.polled.fault:
        click.echo(report.polled.fault, err=True)
        ctx.exit(2)
