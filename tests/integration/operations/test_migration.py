"""Bringing people over from the old system, out of a real SQLite file and a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pynamodb.exceptions import PutError

from motiv8.accounts import repository
from motiv8.aws import clients, keys, mail, storage
from motiv8.aws.tables import PortraitRow, UserRow
from motiv8.aws.user_pool import directory, mailed_codes
from motiv8.portraits import repository as portraits
from motiv8.selfies import service as selfies
from motiv8.settings import settings
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.migration.importer import Options
from motiv8_tooling.operations.migration.report import Report
from motiv8_tooling.operations.migration.run import run
from stand_in.aws_calls import AwsCalls
from stand_in.mail_text import text_of
from stand_in.old_system import PICTURE, SCHEMA, USER, Row, picture, postgresql, write_postgresql, write_sqlite

Make = Callable[..., Any]
Old = Callable[..., str]
PHOTO = (Path(__file__).parents[3] / "samples" / "astronaut.jpg").read_bytes()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    """Write an old database of either kind; its URL."""

    def write(users: list[Row], pictures: list[Row] = [], schema: str = SCHEMA) -> str:  # noqa: B006 - never changed
        if request.param == "postgresql":
            return write_postgresql(request.getfixturevalue("server"), users, pictures, schema)
        return write_sqlite(tmp_path / "motiv8.db", users, pictures, schema)

    return write


@pytest.fixture
def one(tmp_path: Path) -> Old:
    """Write an old SQLite database, for what does not depend on its kind."""
    return lambda users, pictures=[], schema=SCHEMA: write_sqlite(tmp_path / "motiv8.db", users, pictures, schema)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The old system's folder with Ada's photo and picture."""
    folder = tmp_path / "files"
    for name, data in {"uploads/ada.jpg": PHOTO, "generated/1/2024-05-03.png": picture()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def _add_google() -> None:
    details = {"client_id": "1", "client_secret": "2", "authorize_scopes": "openid email"}
    clients.cognito().create_identity_provider(
        UserPoolId=settings().user_pool_id, ProviderName="Google", ProviderType="Google", ProviderDetails=details
    )


def _import(database: str, files: Path | str, **changes: Any) -> Report:
    options: dict[str, Any] = {"apply": True, "consent": True, "invite": True, "time_zone": "Europe/Berlin"} | changes
    return run(database, str(files), Options(**options), lambda _: None)


def _whys(report: Report, outcome: str = "skipped") -> list[tuple[str, str, str]]:
    return [(each.what, each.id, each.why) for each in report.entries if each.outcome == outcome]


def _counts(report: Report) -> dict[str, dict[str, int]]:
    """What is not nothing."""
    return {
        what: {outcome: number for outcome, number in outcomes.items() if number}
        for what, outcomes in report.counts().items()
        if any(outcomes.values())
    }


def test_a_person_comes_with_everything(
    old: Old, files: Path, mails: list[EmailMessage], ses: AwsCalls, objects: Make, call: Make
) -> None:
    report = _import(old([USER], [PICTURE]), files)
    one_each = {"brought": 1}
    assert _counts(report) == {"account": one_each, "selfie": one_each, "picture": one_each, "invitation": one_each}
    found = directory.find("ada@example.com")
    assert found is not None
    row = UserRow.get(found.user_id)
    assert row.email == "ada@example.com"
    assert row.created_at == row.consent_at == datetime(2024, 5, 1, 8, 30, tzinfo=UTC)
    [record] = call("GET", "/v1/me/consent", user=row.user_id).json["history"]
    assert record == {
        "version": "imported",
        "language": None,
        "given_at": "2024-05-01T08:30:00Z",
        "withdrawn_at": None,
    }
    assert row.workout_days == {"mon", "wed", "fri"}
    assert (row.mode, row.tone, row.time_zone, row.legacy_id) == ("summit", "motivate", "Europe/Berlin", "1")
    # The face is taken out by the same machine as for any upload.
    assert (row.selfie_status, row.selfie_content_type) == ("waiting", "image/jpeg")
    assert row.embedding_key is None
    assert objects(settings().uploads_bucket) == [keys.upload(row.user_id, row.selfie_id)]
    assert storage.get(settings().uploads_bucket, keys.upload(row.user_id, row.selfie_id)) == PHOTO
    [portrait] = PortraitRow.query(row.user_id)
    assert (portrait.date, portrait.status, portrait.trigger) == ("2024-05-03", "ready", "imported")
    assert (portrait.mode, portrait.format, portrait.mail_status) == ("city-night", "portrait", "off")
    assert portrait.created_at == datetime(2024, 5, 3, 6, 0, tzinfo=UTC)
    stored = {key.rpartition("/")[2].removeprefix(portrait.portrait_id) for key in objects(settings().media_bucket)}
    assert stored == set(keys.PICTURE_ENDINGS)
    [message], [sent] = mails, ses.calls("send_email")
    assert message["To"] == "ada@example.com"
    assert sent["EmailTags"] == [{"Name": "user_id", "Value": row.user_id}]
    assert "choose a password" in message["Subject"]
    # Neither name nor gender comes along.
    everything = str([row.attribute_values, portrait.attribute_values])
    assert "script" not in everything
    assert "gender" not in everything


def test_the_app_shows_what_was_brought(old: Old, files: Path, call: Make) -> None:
    _import(old([USER], [PICTURE]), files)
    found = directory.find("ada@example.com")
    assert found is not None
    [portrait] = call("GET", "/v1/portraits", user=found.user_id).json["portraits"]
    assert (portrait["date"], portrait["trigger"]) == ("2024-05-03", "imported")
    assert call("GET", f"/v1/portraits/{portrait['portrait_id']}", user=found.user_id).status == 200
    assert call("GET", "/v1/me", user=found.user_id).json["biometric_consent"] is True


def test_a_dry_run_says_the_same_and_writes_nothing(
    old: Old, files: Path, mails: list[EmailMessage], objects: Make
) -> None:
    users, pictures = [USER, USER | {"id": 2, "email": "not an email"}], [PICTURE, PICTURE | {"id": 11, "user_id": 3}]
    database = old(users, pictures)
    dry = _import(database, files, apply=False)
    assert [*UserRow.scan(), *PortraitRow.scan(), *mails] == []
    assert directory.find("ada@example.com") is None
    assert objects(settings().media_bucket) == objects(settings().uploads_bucket) == []
    assert _import(database, files).entries == dry.entries


def test_a_second_run_changes_nothing(old: Old, files: Path, mails: list[EmailMessage], objects: Make) -> None:
    database = old([USER], [PICTURE])
    _import(database, files)
    before = [row.attribute_values for row in (*UserRow.scan(), *PortraitRow.scan())]
    there = objects(settings().media_bucket), objects(settings().uploads_bucket)
    again = _import(database, files)
    already = {"there already": 1}
    assert _counts(again) == {"account": already, "selfie": already, "picture": already, "invitation": already}
    assert [row.attribute_values for row in (*UserRow.scan(), *PortraitRow.scan())] == before
    assert (objects(settings().media_bucket), objects(settings().uploads_bucket)) == there
    assert len(mails) == 1


STEPS = [
    (directory, "set_unknown_password"),
    (repository, "create"),
    (storage, "put"),
    (portraits, "create"),
    (selfies, "begin_upload"),
    (mail, "send"),
]


@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_is_killed_anywhere_is_made_good_by_the_next(
    one: Old,
    files: Path,
    mails: list[EmailMessage],
    objects: Make,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    when: str,
) -> None:
    database = one([USER], [PICTURE])
    working = getattr(module, name)

    def kill(*given: Any, **named: Any) -> None:
        if when == "after":
            working(*given, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(module, name, kill)
        with pytest.raises(KeyboardInterrupt):
            _import(database, files)
    _import(database, files)
    [row], [portrait] = list(UserRow.scan()), list(PortraitRow.scan())
    assert (row.selfie_status, portrait.status) == ("waiting", "ready")
    assert objects(settings().uploads_bucket) == [keys.upload(row.user_id, row.selfie_id)]
    assert len(set(objects(settings().media_bucket))) == len(keys.PICTURE_ENDINGS)
    found = directory.find("ada@example.com")
    assert found is not None
    assert found.has_password
    # Nobody is told twice; one who was about to be told when it was killed is not told at all.
    assert len(mails) == (0 if (name, when) == ("send", "before") else 1)


def test_somebody_who_is_here_already_keeps_their_settings(
    one: Old, files: Path, mails: list[EmailMessage], make_user: Make
) -> None:
    user_id = directory.invite("ada@example.com", "UTC")
    make_user(user_id, email="ada@example.com", mode="desert")
    _add_google()
    report = _import(one([USER | {"google_id": "g-1"}], [PICTURE]), files)
    row = UserRow.get(user_id)
    assert (row.mode, row.selfie_id) == ("desert", "selfie-1")
    assert row.legacy_id is None
    assert len(portraits.between(user_id, None, None, None, None)) == 1
    assert _whys(report, "changed") == [
        ("account", "1", "there is an account with its email: settings and photo stay as they are here")
    ]
    assert _whys(report) == [
        ("sign-in", "1", "signing in with Google links it, by its verified email"),
        ("selfie", "1", "the person has sent a photo here"),
    ]
    assert mails == []


def test_a_sign_up_that_waits_for_its_code_is_given_nothing(one: Old, files: Path, mails: list[EmailMessage]) -> None:
    """Whoever began it may not be who has the email."""
    mailed_codes.sign_up("ada@example.com", "UTC")
    report = _import(one([USER], [PICTURE]), files)
    [(what, _, why)] = _whys(report)
    assert (what, "has not entered the code" in why) == ("account", True)
    assert [*UserRow.scan(), *PortraitRow.scan(), *mails] == []


def test_an_account_that_is_being_deleted_is_left_to_it(one: Old, files: Path, make_user: Make) -> None:
    user_id = directory.invite("ada@example.com", "UTC")
    make_user(user_id, deletion_id="d-1")
    assert _whys(_import(one([USER]), files)) == [("account", "1", "its email's account here is being deleted")]


def test_without_consent_no_face_is_touched(one: Old, files: Path, objects: Make) -> None:
    report = _import(one([USER]), files, consent=False)
    [(what, _, why)] = _whys(report)
    assert (what, "--consent-given" in why) == ("selfie", True)
    [row] = list(UserRow.scan())
    assert row.consent_at is row.consents is None
    assert row.selfie_id is None
    assert objects(settings().uploads_bucket) == []


def test_invitations_can_wait(one: Old, files: Path, mails: list[EmailMessage]) -> None:
    database = one([USER])
    assert "invitation" not in _counts(_import(database, files, invite=False))
    assert mails == []
    assert _counts(_import(database, files))["invitation"] == {"brought": 1}
    assert len(mails) == 1


def test_a_mail_that_is_refused_is_sent_by_the_next_run(
    one: Old, files: Path, mails: list[EmailMessage], ses: AwsCalls
) -> None:
    ses.refuse("send_email", "TooManyRequestsException", times=1)
    database = one([USER])
    report = _import(database, files)
    assert report.failed
    assert "TooManyRequestsException" in _whys(report, "failed")[0][2]
    assert not _import(database, files).failed
    assert len(mails) == 1


def test_what_aws_refuses_stops_one_person_and_not_the_run(one: Old, files: Path, cognito: AwsCalls) -> None:
    cognito.refuse("admin_create_user", "InternalErrorException", Username="ada@example.com")
    report = _import(one([USER, USER | {"id": 2, "email": "bob@example.com", "selfie_filename": None}]), files)
    assert [(each.id, each.outcome) for each in report.entries if each.what == "account"] == [
        ("1", "brought"),
        ("1", "failed"),
        ("2", "brought"),
    ]
    assert [row.email for row in UserRow.scan()] == ["bob@example.com"]


def test_a_table_that_refuses_stops_one_person_alone(one: Old, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any) -> None:
        raise PutError("throttled")

    monkeypatch.setattr(portraits, "create", refuse)
    report = _import(one([USER, USER | {"id": 2, "email": "b@example.com"}], [PICTURE]), files)
    assert _whys(report, "failed") == [("account", "1", "PutError; run the import again")]
    assert {each.id for each in report.entries if each.what == "account" and each.outcome == "brought"} == {"1", "2"}


def test_google_and_apple_lead_to_the_same_account(
    one: Old, files: Path, mails: list[EmailMessage], cognito: AwsCalls
) -> None:
    _add_google()
    assert directory.link(directory.invite("eve@example.com", "UTC"), "Google", "taken")
    cognito.made.clear()
    users = [
        USER | {"google_id": "g-1", "apple_id": "a-1"},
        USER | {"id": 2, "email": "b@example.com", "google_id": "taken"},
        USER | {"id": 3, "email": "c@example.com", "google_id": "shared"},
        USER | {"id": 4, "email": "d@example.com", "google_id": "shared"},
    ]
    report = _import(one(users), files)
    sources = [asked["SourceUser"] for asked in cognito.calls("admin_link_provider_for_user")]
    linked = [(source["ProviderName"], source["ProviderAttributeValue"]) for source in sources]
    assert linked == [("Google", "g-1"), ("Google", "taken")]
    texts = {message["To"]: text_of(message) for message in mails}
    told = {to: "Signing in with Google works as before." in text for to, text in texts.items()}
    assert told == {"ada@example.com": True, "b@example.com": False, "c@example.com": False, "d@example.com": False}
    whys = [(old_id, why) for what, old_id, why in _whys(report) if what == "sign-in"]
    assert sorted(whys) == [
        ("1", "Apple is not set up in this environment: set it up and run the import again"),
        ("2", "its Google account signs in to another account here"),
        ("3", "two users have one Google account; neither is linked"),
        ("4", "two users have one Google account; neither is linked"),
    ]


def test_files_can_lie_in_a_bucket(one: Old) -> None:
    clients.s3().create_bucket(Bucket="old-files")
    storage.put("old-files", "motiv8/uploads/ada.jpg", PHOTO, "image/jpeg")
    storage.put("old-files", "motiv8/generated/1/2024-05-03.png", picture(1080, 1920), "image/png")
    report = _import(one([USER], [PICTURE]), "s3://old-files/motiv8")
    assert _counts(report)["picture"] == _counts(report)["selfie"] == {"brought": 1}
    [portrait] = list(PortraitRow.scan())
    assert portrait.format == "story"


def test_what_cannot_be_read_is_left_out_and_named(one: Old, files: Path) -> None:
    (files / "generated" / "broken.png").write_bytes(b"\x89PNG broken")
    (files / "uploads" / "broken.jpg").write_bytes(b"")
    (files.parent / "secret.png").write_bytes(picture())
    users = [
        USER | {"selfie_filename": "broken.jpg"},
        USER | {"id": 2, "email": "b@example.com", "selfie_filename": "x"},
    ]
    pictures = [
        PICTURE | {"id": 11, "s3_key": "generated/broken.png"},
        PICTURE | {"id": 12, "s3_key": "generated/none.png"},
        PICTURE | {"id": 13, "s3_key": "../secret.png"},
        PICTURE,
    ]
    report = _import(one(users, pictures), files)
    assert _whys(report) == [
        ("picture", "11", "its file is not a picture that can be read"),
        ("picture", "12", "its file is not there"),
        ("picture", "13", "its file is not there"),
        ("selfie", "1", "its file is not a picture that can be read"),
        ("selfie", "2", "its file is not there"),
    ]
    assert _counts(report)["account"] == {"brought": 2}
    assert _counts(report)["picture"]["brought"] == 1


class TestAnAddressThatWillNotDo:
    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("nonsense", "--database takes sqlite:///FILE or postgresql://"),
            ("mysql://root@localhost/old", "mysql is not a supported database. Use sqlite or postgresql."),
            ("sqlite:///no/such.db", "no/such.db: there is no such file."),
            ("postgresql://old:secret@127.0.0.1:1/old", "The database cannot be read: "),
        ],
    )
    def test_of_a_database(self, tmp_path: Path, url: str, said: str) -> None:
        with pytest.raises(OperationError) as refused:
            _import(url, tmp_path)
        assert said in str(refused.value)
        assert "\n" not in str(refused.value)
        assert "secret" not in str(refused.value)

    def test_of_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        (tmp_path / "photo.db").write_bytes(PHOTO)
        with pytest.raises(OperationError, match="The database cannot be read: file is not a database"):
            _import(f"sqlite:///{tmp_path / 'photo.db'}", tmp_path)

    def test_of_a_database_with_other_columns(self, old: Old, files: Path) -> None:
        schema = SCHEMA.replace("anti_motivation_mode BOOLEAN, mode TEXT,", "")
        keep = {name: value for name, value in USER.items() if name not in {"anti_motivation_mode", "mode"}}
        with pytest.raises(OperationError) as refused:
            _import(old([keep], [], schema), files)
        assert str(refused.value) == "The table users has no column anti_motivation_mode, mode. Nothing was done."
        assert list(UserRow.scan()) == []

    def test_of_a_database_without_the_tables(self, old: Old, files: Path) -> None:
        with pytest.raises(OperationError, match="The database has no table users"):
            _import(old([], [], "CREATE TABLE people (id INTEGER, days {json});"), files)

    @pytest.mark.parametrize(
        ("place", "said"),
        [
            ("/no/such", "/no/such: there is no such folder"),
            ("https://x/y", "--files takes"),
            ("s3://", "--files takes"),
        ],
    )
    def test_of_files(self, one: Old, place: str, said: str) -> None:
        with pytest.raises(OperationError, match=said):
            _import(one([USER]), place)

    def test_it_leaves_the_old_database_as_it_was(self, one: Old, files: Path) -> None:
        file = Path(one([USER], [PICTURE]).removeprefix("sqlite:///"))
        before = file.read_bytes(), sorted(each.name for each in file.parent.iterdir())
        _import(f"sqlite:///{file}", files)
        assert (file.read_bytes(), sorted(each.name for each in file.parent.iterdir())) == before
