"""`motiv8 library`: bringing documents into the library, and searching it, through the API."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from motiv8_tooling.command_line import FAILED, OK, say

if TYPE_CHECKING:
    from motiv8_tooling.client.service_user import ServiceUser
    from motiv8_tooling.operations.document_import.folder import FolderContent

INTERRUPTED = 130
_MOST_PARALLEL = 16
_LISTED_MISTAKES = 20


def add_to(commands: Any) -> None:
    """Add `library` to the command's parser."""
    library = commands.add_parser("library", help="bring documents into the library, and search it (docs/library.md)")
    what = library.add_subparsers(required=True, metavar="what")
    importing = what.add_parser("import", help="import a folder of documents; can be run again at any time")
    importing.add_argument("folder", type=Path)
    importing.add_argument("--metadata", type=Path, help="what is said of the files, .csv or .json")
    importing.add_argument("--namespace", type=_name, default="general", help="where they go (general)")
    importing.add_argument("--parallel", type=_parallel, default=4, help="files at once (4)")
    importing.add_argument("--dry-run", action="store_true", help="look at everything, and write nothing")
    importing.add_argument("--no-wait", action="store_true", help="end before the documents are ready")
    importing.add_argument("--report", type=Path, help="write the outcome of each file as JSON")
    _add_account(importing)
    importing.set_defaults(run=_import)

    search = what.add_parser("search", help="find passages by what they mean")
    search.add_argument("question")
    search.add_argument("--namespace", type=_name, help="this one alone")
    search.add_argument("--tag", type=_name, help="documents with this tag alone")
    search.add_argument("--limit", type=int, choices=range(1, 51), metavar="1-50", default=5, help="passages (5)")
    search.add_argument("--json", action="store_true")
    _add_account(search)
    search.set_defaults(run=_search)


def _add_account(command: argparse.ArgumentParser) -> None:
    command.add_argument("--api", type=_address, help="the API's URL (default: the local stack)")
    command.add_argument(
        "--email",
        help="who signs in (default: MOTIV8_EMAIL); the password comes from MOTIV8_PASSWORD, or is asked for",
    )


def _name(text: str) -> str:
    from motiv8.library.models import NAME

    if not re.fullmatch(NAME, text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a name (lower-case letters, digits and hyphens)")
    return text


def _parallel(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_PARALLEL:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_PARALLEL}")
    return int(text)


def _address(text: str) -> str:
    if not re.fullmatch(r"https://[^/\s]+(/\S*)?|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/\S*)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an https:// address; a password goes over no other")
    return text.rstrip("/").removesuffix("/v1")


def _import(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.document_import.metadata import BadMetadata
    from motiv8_tooling.operations.document_import.progress import Progress
    from motiv8_tooling.operations.document_import.run import ImportOptions, run

    if given.report:
        # Whether it can be written shows now, and not after hours.
        given.report.open("a").close()
    try:
        content = _content(given)
    except BadMetadata as error:
        return _tell_mistakes(error.mistakes)
    user = _user(given)
    _check_importer(user)
    options = ImportOptions(given.namespace, not given.dry_run, not given.no_wait, given.parallel)
    report = run(user, content, options, Progress(sys.stdout, len(content.files) + len(content.skipped)))
    say(report.as_text())
    if given.report:
        given.report.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False), encoding="utf-8")
    if given.dry_run:
        say("This was a dry run: nothing was written. Run it again without --dry-run.")
    if report.stopped:
        print(f"motiv8: {report.stopped}", file=sys.stderr)  # noqa: T201 - a command's voice
    if report.interrupted:
        return INTERRUPTED
    return FAILED if report.failed else OK


def _content(given: argparse.Namespace) -> FolderContent:
    from motiv8_tooling.operations.document_import import metadata
    from motiv8_tooling.operations.document_import.folder import look_into

    entries = metadata.read(given.metadata) if given.metadata else []
    return look_into(given.folder, entries, [path for path in (given.metadata, given.report) if path])


def _tell_mistakes(mistakes: list[str]) -> int:
    for mistake in mistakes[:_LISTED_MISTAKES]:
        print(f"motiv8: {mistake}", file=sys.stderr)  # noqa: T201
    if len(mistakes) > _LISTED_MISTAKES:
        print(f"motiv8: and {len(mistakes) - _LISTED_MISTAKES} more mistakes", file=sys.stderr)  # noqa: T201
    return FAILED


def _search(given: argparse.Namespace) -> int:
    from motiv8_tooling.operations.library_answers import as_text

    asked = {"q": given.question, "namespace": given.namespace, "tag": given.tag, "limit": given.limit}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    found = _user(given).expect("GET", f"/v1/search?{query}")
    if given.json:
        say(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        passages = found["passages"]
        say(as_text(passages, highlighted=sys.stdout.isatty()) or "Nothing in the library answers this.")
    return OK


def _user(given: argparse.Namespace) -> ServiceUser:
    """Who imports or asks, signed in. Raises RuntimeError and ApiError."""
    from motiv8_tooling.client.service_user import ServiceUser

    if given.api is None:
        return _local_user(given)
    email = given.email or os.environ.get("MOTIV8_EMAIL")
    if not email:
        raise RuntimeError("Say who signs in: --email, or MOTIV8_EMAIL.")
    user = ServiceUser(given.api, email, _password(email))
    if key := os.environ.get("MOTIV8_API_KEY"):
        user.http.headers["x-api-key"] = key
    user.sign_in()
    return user


def _local_user(given: argparse.Namespace) -> ServiceUser:
    from motiv8_tooling.local.command import local_stack
    from motiv8_tooling.local.library_importer import local_importer

    emulator, front = local_stack(given.home)
    user = local_importer(emulator, front)
    user.sign_in()
    return user


def _password(email: str) -> str:
    """From the environment, or from whoever sits there. Raises RuntimeError where nobody does."""
    if password := os.environ.get("MOTIV8_PASSWORD"):
        return password
    if not sys.stdin.isatty():
        raise RuntimeError("Give the password in MOTIV8_PASSWORD: there is no terminal to ask for it at.")
    return getpass(f"Password of {email}: ")


def _check_importer(user: ServiceUser) -> None:
    """Raises RuntimeError for an account that the API would refuse at the first file."""
    from motiv8.library.readers import IMPORTERS

    if IMPORTERS not in user.groups:
        raise RuntimeError(
            f"{user.email} is not in the group {IMPORTERS}: whoever runs motiv8 puts the account into it"
            " (docs/library.md)."
        )
