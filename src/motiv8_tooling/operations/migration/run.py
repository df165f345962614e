"""One run of the import: read all, plan, and bring one person after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.aws.clients import session
from motiv8.settings import use
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.migration import source
from motiv8_tooling.operations.migration.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8_tooling.operations.migration.importer import Options

_EVERY = 100


def use_stack(functions: Any, environment: str, embedded: dict[str, str] | None = None) -> None:
    """Take the names of an environment's tables, buckets and pool from its functions, as the functions do.

    `embedded` are the variables that lead to an embedded AWS.
    Raises OperationError for an environment without functions.
    """
    name = f"motiv8-courier-{environment}"
    try:
        found = functions.get_function_configuration(FunctionName=name)
    except functions.exceptions.ResourceNotFoundException:
        raise OperationError(f"{environment} has no function {name}: deploy it first, functions included.") from None
    use(found["Environment"]["Variables"] | {"AWS_REGION": functions.meta.region_name} | (embedded or {}))
    if embedded:
        session().set_credentials("test", "test")


def run(database: str, place: str, options: Options, say: Callable[[str], None]) -> Report:
    """Bring everybody; with `options.apply` false nothing is written. Raises OperationError before anything is done."""
    from motiv8 import clock
    from motiv8_tooling.operations.migration.files import files
    from motiv8_tooling.operations.migration.importer import Importer
    from motiv8_tooling.operations.migration.mapping import plan

    users, pictures = source.read(database)
    report = Report()
    importer = Importer(files(place), report, options, clock.now)
    accounts = plan(users, pictures, report, clock.now())
    for number, account in enumerate(accounts, 1):
        importer.import_account(account)
        if number % _EVERY == 0:
            say(f"{number} of {len(accounts)} people")
    return report
