"""The operations as commands; each script in `scripts/` is one of them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motiv8_tooling.command_line import count_of, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8_tooling.operations.environment import Environment


def add_to(commands: Any) -> None:
    """Add `deploy`, `smoke-test`, `rollback`, `teardown`, `restore`, `doctor` and `cost` to the command's parser."""
    deploy = commands.add_parser("deploy", help="deploy in three phases (scripts/deploy-phased.sh)")
    deploy.add_argument("environment", help="dev, prod, dev-pr-N or restore-N")
    deploy.add_argument("account", nargs="?", help="the AWS account; the tier prod must name it")
    deploy.add_argument("--phase", choices=["base", "images", "functions", "all"], default="all")
    deploy.add_argument("--tag", help="the images' tag (default: the commit)")
    deploy.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="of template.yaml")
    deploy.add_argument("--template", type=Path, help="another template (default: template.yaml)")
    deploy.add_argument(
        "--may-replace",
        action="append",
        default=[],
        metavar="RESOURCE",
        help="allow this conditional replacement, which keeps the data",
    )
    deploy.add_argument(
        "--without-mail", action="store_true", help="deploy prod's functions although SES does not send its email yet"
    )
    deploy.add_argument("--summary", type=Path, metavar="FILE", help="write what each phase did as JSON")
    _add_yes(deploy)
    deploy.set_defaults(run=_deploy)

    smoke = commands.add_parser("smoke-test", help="check that a deployed API works (scripts/smoke-test.sh)")
    smoke.add_argument("url")
    smoke.add_argument("--environment", help="needed if the URL does not end in it (custom domain)")
    smoke.add_argument(
        "--api-key", default=os.environ.get("MOTIV8_API_KEY"), help="an API key to use instead of the stack's own"
    )
    smoke.set_defaults(run=_smoke)
    _add_ways_back(commands)
    _add_questions(commands)


def _add_ways_back(commands: Any) -> None:
    rollback = commands.add_parser("rollback", help="go back to the previous image (scripts/rollback.sh)")
    rollback.add_argument("environment")
    rollback.add_argument("--to", metavar="TAG", help="tag of an earlier image")
    _add_yes(rollback)
    rollback.set_defaults(run=_rollback)

    teardown = commands.add_parser("teardown", help="remove an environment with its data (scripts/teardown.sh)")
    teardown.add_argument("environment", help="dev-pr-N, restore-N or dev; never prod")
    _add_yes(teardown)
    teardown.set_defaults(run=_teardown)

    restore = commands.add_parser(
        "restore", help="restore the data of a point in time into a new stack (scripts/restore.sh)"
    )
    restore.add_argument("environment", help="the environment whose data to restore")
    restore.add_argument("moment", help="2026-11-20T06:00:00Z")
    restore.add_argument("target", help="restore-N, which must not exist yet")
    _add_yes(restore)
    restore.set_defaults(run=_restore)


def _add_questions(commands: Any) -> None:
    doctor = commands.add_parser("doctor", help="list what the account still needs: quotas, email, models, alarms")
    doctor.add_argument("--environment", default="dev", help="dev (the default), prod, dev-pr-N or restore-N")
    doctor.add_argument("--users", type=count_of, default=1000, help="number of active users to serve (default 1,000)")
    doctor.add_argument(
        "--first", action="store_true", help="before the first deployment: also check this machine's tools"
    )
    doctor.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE", help="of template.yaml")
    doctor.add_argument("--set-pace", action="store_true", help="set the rate of mails in environments.toml to SES's")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=_doctor)

    cost = commands.add_parser("cost", help="estimate a month's AWS costs by service")
    cost.add_argument("--users", type=count_of, required=True, help="number of active users")
    cost.add_argument("--days-per-week", type=float, required=True, help="workout days per week")
    cost.add_argument("--prices", type=Path, help="another price table (JSON)")
    cost.add_argument("--without-waf", action="store_true")
    cost.add_argument("--with-model", action="store_true", help="the coach's answers are written by a model on Bedrock")
    cost.add_argument("--json", action="store_true")
    cost.set_defaults(run=_cost)


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")


def _deploy(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.deploy import PHASES, Order, deploy
    from motiv8_tooling.operations.environment import environment
    from motiv8_tooling.operations.errors import explained
    from motiv8_tooling.operations.package import TEMPLATE

    with explained():
        where = environment(given.environment)
        order = Order(
            where,
            account=given.account,
            phases=PHASES if given.phase == "all" else (given.phase,),
            tag=given.tag,
            words=given.parameter,
            template=given.template or TEMPLATE,
            may_replace=given.may_replace,
            confirm=_confirmation(where, yes=given.yes or where.tier != "prod"),
            without_mail=given.without_mail,
        )
        summary = deploy(order, say, given.summary)
    if summary.url:
        say(f"API {summary.url}")
    return 0


def _smoke(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.errors import explained
    from motiv8_tooling.operations.smoke import smoke_test

    with explained():
        smoke_test(given.url, given.environment, given.api_key, say)
    say("works")
    return 0


def _rollback(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.environment import environment
    from motiv8_tooling.operations.errors import explained
    from motiv8_tooling.operations.rollback import roll_back

    with explained():
        where = environment(given.environment)
        tag = roll_back(where, given.to, say, _confirmation(where, yes=given.yes or where.tier != "prod"))
    say(f"{where.name} serves {tag}")
    return 0


def _teardown(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.environment import environment
    from motiv8_tooling.operations.errors import explained
    from motiv8_tooling.operations.teardown import tear_down

    with explained():
        where = environment(given.environment)
        tear_down(where, say, _confirmation(where, yes=given.yes))
    return 0


def _restore(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.environment import environment
    from motiv8_tooling.operations.errors import explained
    from motiv8_tooling.operations.restore import moment, restore

    with explained():
        source, target = environment(given.environment), environment(given.target)
        restore(source, moment(given.moment), target, say, _confirmation(target, yes=given.yes))
    command = f"scripts/deploy-phased.sh {target.name}{f' {target.account}' if source.tier == 'prod' else ''}"
    say(f"next: {command} --phase images, then --phase functions")
    return 0


def _doctor(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.checked_account import TO_DO
    from motiv8_tooling.operations.doctor import as_json, examine, report, set_pace
    from motiv8_tooling.operations.environment import environment

    asked = environment(given.environment)
    if given.set_pace:
        values = " ".join(f"{name}={value}" for name, value in set_pace(asked).items())
        print(f"environments.toml, {asked.kind}: {values}", file=sys.stderr)  # noqa: T201
    rows = examine(asked, given.users, given.parameter, first=given.first)
    say(json.dumps(as_json(rows), indent=2) if given.json else report(rows))
    return int(any(row.state == TO_DO for row in rows))


def _cost(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.cost import PRICES, as_json, estimate, load_prices, report

    table = load_prices(given.prices or PRICES)
    bill = estimate(given.users, given.days_per_week, table, waf=not given.without_waf, model=given.with_model)
    say(json.dumps(as_json(bill), indent=2) if given.json else report(bill))
    return 0


def _confirmation(environment: Environment, *, yes: bool) -> Callable[[str], None]:
    """Asks for the environment's name, so that nobody confirms by habit; raises OperationError for another answer."""
    from motiv8_tooling.operations.errors import OperationError

    def confirm(what: str) -> None:
        if yes:
            return
        if not sys.stdin.isatty():
            raise OperationError(f"{environment.name} needs a confirmation: give --yes, or run this in a terminal.")
        if input(f"{what}: type {environment.name} to continue: ").strip() != environment.name:
            raise OperationError("Not confirmed: nothing was done.")

    return confirm
