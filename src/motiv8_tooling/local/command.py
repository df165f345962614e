"""The local stack as commands: `motiv8 local`, and what runs on it, `daily` and `demo`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from motiv8.waiting import wait_for
from motiv8_tooling.command_line import FAILED, OK, date_of, say

if TYPE_CHECKING:
    from motiv8_tooling.local.emulator import Emulator

PROJECT = Path(__file__).parents[3]

_LOGGED = (
    "api-handler",
    "courier",
    "export",
    "studio",
    "library-worker",
    "library-search",
    "coach",
    "socket",
    "sign-up",
    "tokens",
)


def add_to(commands: Any) -> None:
    """Add `local`, `daily` and `demo` to the command's parser."""
    _add_local(
        commands.add_parser("local", help="the stack on this machine").add_subparsers(required=True, metavar="what")
    )

    daily = commands.add_parser("daily", help="run the daily state machine now")
    daily.add_argument("--date", type=date_of, help="for everybody whose workout day it is")
    daily.add_argument("--email", help="for this person alone, whatever the day")
    daily.add_argument(
        "--environment", help="dev, prod or dev-pr-N on AWS, with your credentials (default: the local stack)"
    )
    daily.add_argument(
        "--report",
        action="store_true",
        help="run nothing: say how an environment's day (--date, or today, in UTC) went",
    )
    daily.add_argument("--json", action="store_true")
    daily.set_defaults(run=_daily)

    demo = commands.add_parser("demo", help="go from a selfie to a delivered picture on a temporary stack")
    demo.add_argument("photo", type=Path, nargs="?")
    demo.add_argument("--folder", type=Path, default=PROJECT / "demo", help="where picture and mail are saved")
    demo.set_defaults(run=_demo)


def _add_local(local: Any) -> None:
    up = local.add_parser("up", help="start it in the foreground; Ctrl-C stops all of it")
    up.add_argument("--port", type=_port, default=8000, help="port of the app and the API (default 8000)")
    up.set_defaults(run=_up)
    local.add_parser("down", help="stop the running stack").set_defaults(run=_down)
    local.add_parser("reset", help="delete its state").set_defaults(run=_reset)
    mail = local.add_parser("mail", help="list the emails that it sent")
    mail.add_argument("--json", action="store_true")
    mail.set_defaults(run=_mail)
    logs = local.add_parser("logs", help="print the functions' logs")
    logs.add_argument("function", nargs="?", choices=_LOGGED)
    logs.set_defaults(run=_logs)

    env = local.add_parser("env", help="print what `sam local --env-vars` needs to use it")
    env.add_argument("--host", default="127.0.0.1", help="the name by which a container reaches this machine")
    env.set_defaults(run=_env)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _running(home: Path) -> dict[str, str]:
    """What the running local stack wrote down of itself. Raises RuntimeError when none runs."""
    try:
        note: dict[str, str] = json.loads((home / "running.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        note = {}
    # One that was killed could not take its note away.
    if not note or not _alive(int(note["pid"])):
        raise RuntimeError("No local stack is running. Start it with `make run`.")
    return note


def _is_running(home: Path) -> bool:
    try:
        return bool(_running(home))
    except RuntimeError:
        return False


def _up(given: argparse.Namespace) -> int:
    from motiv8_tooling.local.local_stack import running
    from motiv8_tooling.local.model_server import ModelServer
    from motiv8_tooling.local.reload import Reloader

    if _is_running(given.home):
        raise RuntimeError("The local stack is already running. To stop it: `motiv8 local down`.")
    if (given.home / "running.json").exists():
        say("the last local stack was killed; starting it again")
    _stop_as_by_ctrl_c()
    model = ModelServer(url) if (url := os.environ.get("COACH_URL")) else None
    with running(given.home, keep=True, front_port=given.port, model=model, announce=say) as stack:
        note = {"pid": str(os.getpid()), "emulator": stack.emulator.url, "front": stack.front.url}
        note["daily"] = stack.outputs["DailyStateMachineArn"]
        try:
            (given.home / "running.json").write_text(json.dumps(note), encoding="utf-8")
            say(f"app    {stack.front.url}\nAPI    {stack.front.url}/v1")
            say(f"docs   {stack.front.url}/docs\ninbox  {stack.front.url}/_local/inbox")
            say("changes under src/ apply at once; Ctrl-C stops everything")
            with Reloader(stack.emulator, say):
                # Not signal.pause(): a signal that comes just before it would not end it.
                while True:
                    time.sleep(0.5)
                    stack.restart_if_dead()
                    if model:
                        model.report(say)
        except KeyboardInterrupt:
            say("stopping; state is kept")
        finally:
            (given.home / "running.json").unlink(missing_ok=True)
    return OK


def _stop_as_by_ctrl_c() -> None:
    # `motiv8 local down` and a closed terminal stop us like Ctrl-C, to which a shell's background jobs are born deaf.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.default_int_handler)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _down(given: argparse.Namespace) -> int:
    pid = int(_running(given.home)["pid"])
    os.kill(pid, signal.SIGTERM)
    wait_for(lambda: not _alive(pid), seconds=60)
    say("stopped")
    return OK


def _reset(given: argparse.Namespace) -> int:
    if _is_running(given.home):
        raise RuntimeError("The local stack is running. Stop it first: `motiv8 local down`.")
    shutil.rmtree(given.home, ignore_errors=True)
    say("the local state was deleted")
    return OK


def _mail(given: argparse.Namespace) -> int:
    from motiv8_tooling.local.mailbox import Mailbox

    mails = Mailbox(given.home / "mail", _running(given.home)["emulator"]).all()
    if given.json:
        listed = [
            {"to": each.to, "subject": each.subject, "text": each.text, "file": each.name or None} for each in mails
        ]
        say(json.dumps(listed, indent=2))
    for each in [] if given.json else mails:
        say(f"{datetime.fromtimestamp(each.sent_at, ZoneInfo('UTC')):%H:%M:%S}  {each.to}  {each.subject}")
        say(f"          {given.home / 'mail' / each.name if each.name else ' '.join(each.text.split())}")
    return OK


def _logs(given: argparse.Namespace) -> int:
    logs = _local_client("logs", given.home)
    groups = {each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]}
    for name in [given.function] if given.function else _LOGGED:
        group = f"/aws/lambda/motiv8-{name}-local"
        if group not in groups:
            continue
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            for event in page["events"]:
                say(f"{name:12}{event['message'].rstrip()}")
    return OK


def _env(given: argparse.Namespace) -> int:
    from motiv8_tooling.local.provisioning import variables

    found = variables(_local_client("lambda", given.home), _running(given.home)["emulator"])
    say(json.dumps(found, indent=2).replace("//127.0.0.1:", f"//{given.host}:"))
    return OK


def _local_client(service: str, home: Path) -> Any:
    from motiv8_tooling.local.provisioning import client

    return client(service, local_stack(home)[0])


def local_stack(home: Path) -> tuple[Emulator, str]:
    """The running local stack: its embedded AWS, and the address of app and API. Raises RuntimeError when none runs."""
    from motiv8_tooling.local.emulator import Emulator

    note = _running(home)
    return Emulator(home, int(note["emulator"].rpartition(":")[2])), note["front"]


def _daily(given: argparse.Namespace) -> int:
    from motiv8_tooling.local.daily import daily_machine, run_daily

    if given.report:
        return _report(given)
    order = {"date": given.date.isoformat()} if given.date else {}
    # What a machine is given stays in its history: ids alone.
    user_id = _user_id(given) if given.email else None
    if user_id is not None:
        order["user_id"] = user_id
    if given.email and user_id is None:
        summary = {"due": 0, "made": 0, "failed": 0}
    elif given.environment:
        summary = run_daily(*daily_machine(given.environment), order)
    else:
        summary = run_daily(_local_client("stepfunctions", given.home), _running(given.home)["daily"], order)
    say(json.dumps(summary) if given.json else "due {due}, made {made}, failed {failed}".format(**summary))
    return OK if not summary["failed"] else FAILED


def _report(given: argparse.Namespace) -> int:
    from dataclasses import asdict

    from motiv8 import clock
    from motiv8_tooling.operations.daily_report import daily_report
    from motiv8_tooling.operations.environment import client
    from motiv8_tooling.operations.errors import OperationError, explained

    if not given.environment:
        raise OperationError("A report is of an environment: name it with --environment.")
    with explained():
        report = daily_report(client("cloudwatch"), given.environment, given.date or clock.now().date())
    say(json.dumps(asdict(report)) if given.json else str(report))
    return OK


def _user_id(given: argparse.Namespace) -> str | None:
    """Whose email it is in the environment's user pool, if anybody's."""
    from motiv8_tooling.operations.errors import explained

    with explained():
        choose_stack(given)
        from motiv8.aws.user_pool import directory

        account = directory.find(given.email)
    return account.user_id if account else None


def choose_stack(given: argparse.Namespace) -> None:
    """Have the modules of the backend work on the environment that was named, or on the local stack."""
    from motiv8_tooling.operations.environment import client, environment
    from motiv8_tooling.operations.migration.run import use_stack

    if given.environment:
        use_stack(client("lambda"), environment(given.environment).name)
    else:
        use_stack(_local_client("lambda", given.home), "local", _embedded(_running(given.home)))


def _embedded(note: dict[str, str]) -> dict[str, str]:
    """The variables that lead to the local stack; mail goes to its inbox."""
    return {
        "AWS_ENDPOINT_URL": note["emulator"],
        "AWS_ENDPOINT_URL_SESV2": note["front"],
    }


def _demo(given: argparse.Namespace) -> int:
    from motiv8_tooling.local.demo import SAMPLE, run

    _stop_as_by_ctrl_c()
    run(given.photo or SAMPLE, given.folder, say)
    return OK
