"""/v1/me and /v1/mail: HTTP in and out."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query

from motiv8 import clock
from motiv8.accounts import consent, exports, service
from motiv8.accounts.models import (
    Consent,
    ConsentGiven,
    ConsentRecord,
    ConsentText,
    Deletion,
    DeletionState,
    Export,
    ExportState,
    Profile,
    ProfileChange,
)
from motiv8.accounts.person import Person
from motiv8.accounts.profile import profile
from motiv8.accounts.unsubscribe import UnsubscribeLinkInvalid, verify_unsubscribe_token
from motiv8.aws.secrets import link_secret
from motiv8.catalogue.translation import said, spoken
from motiv8.declarations import conditional, fresh_sign_in, public, raises
from motiv8.entity_tags import check_match, entity_tag
from motiv8.errors import (
    ConsentedTooOften,
    ConsentTextOutdated,
    NotFound,
    PreconditionFailed,
    Unauthorized,
    Unavailable,
)
from motiv8.page_policy import page_policy

router = Router()

_EXPORT_SECONDS = "5"
"""When it is worth asking again for an archive that is being made."""
_DELETION_SECONDS = "30"
"""When it is worth asking again for a deletion."""


@router.get("/v1/me", summary="My account", tags=["accounts"], operation_id="get_me")
@conditional
def get_me() -> Response[Profile]:
    """Profile and preferences."""
    caller = router.context["caller"]
    return _profile(service.person(caller.user_id, clock.now()))


@router.patch("/v1/me", summary="Change preferences", tags=["accounts"], operation_id="change_me")
@raises(PreconditionFailed)
def change_me(
    body: Annotated[ProfileChange, Body()],
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the account that the change is made to")
    ] = None,
) -> Response[Profile]:
    """Changes what is sent and leaves the rest; with If-Match only where nothing else was changed meanwhile."""
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)

    def check(person: Person) -> None:
        check_match(entity_tag(profile(person)), if_match)

    person = service.change_preferences(caller.user_id, body.model_dump(exclude_unset=True), now, check)
    return _profile(_still_there(person))


@router.get("/v1/me/consent", summary="Consent to the use of my face", tags=["accounts"], operation_id="get_consent")
def get_consent() -> Consent:
    """The text to agree to, whether it is agreed to, and everything that ever was."""
    caller = router.context["caller"]
    return _consent(service.person(caller.user_id, clock.now()))


@router.put("/v1/me/consent", summary="Give consent", tags=["accounts"], operation_id="give_consent")
@fresh_sign_in
@raises(ConsentTextOutdated, ConsentedTooOften)
def give_consent(body: Annotated[ConsentGiven, Body()]) -> Consent:
    """Agrees to the text that was shown, by its version and language; 409 where there is a newer one to read."""
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    person = service.give_consent(caller.user_id, body.version, body.language, now)
    return _consent(_still_there(person))


@router.delete(
    "/v1/me/consent",
    summary="Withdraw consent and delete my face data",
    tags=["accounts"],
    operation_id="withdraw_consent",
)
@fresh_sign_in
def withdraw_consent() -> Consent:
    """Deletes photo, face and embedding with all their versions, and archives that hold them."""
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    person = service.withdraw_consent(caller.user_id, now)
    return _consent(_still_there(person))


@router.get("/v1/me/export", summary="Export my data", tags=["accounts"], operation_id="export_me")
@fresh_sign_in
@raises(NotFound)
def export_me() -> Response[Export]:
    """Has an archive made of everything that is kept about you, and says where it is once it is `ready`.

    `Retry-After` says when to ask again. HEAD has none made: it is 404 where this hour has none.
    """
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    if router.context["only_looks"]:
        archive = exports.get_export(caller.user_id, service.hour_of(now))
    else:
        archive = exports.request_export(caller.user_id, now, router.context["correlation_id"])
    if archive.status == "failed":
        raise Unavailable("We could not prepare the export. Please try again in an hour.")
    answer = Export(status=archive.status, url=archive.url)
    return Response(200, "application/json", answer, headers=_wait(archive))


@router.post(
    "/v1/me/exports", status_code=202, summary="Request an export", tags=["accounts"], operation_id="create_export"
)
@fresh_sign_in
def create_export() -> Response[ExportState]:
    """Has an archive made of everything that is kept about you; follow `Location` until it is `ready` or `failed`.

    There is one an hour: asking again within it answers the same one.
    """
    caller = router.context["caller"]
    now = clock.now()
    service.person(caller.user_id, now)
    archive = exports.request_export(caller.user_id, now, router.context["correlation_id"])
    headers = {"Location": f"/v1/me/exports/{archive.export_id}"} | _wait(archive)
    return Response(202, "application/json", ExportState(**archive._asdict()), headers=headers)


@router.get("/v1/me/exports/<export_id>", summary="One export", tags=["accounts"], operation_id="get_export")
@fresh_sign_in
@raises(NotFound)
def get_export(export_id: str) -> Response[ExportState]:
    """How far an archive is, and where to fetch it; while it is `making`, `Retry-After` says when to ask again."""
    archive = exports.get_export(router.context["caller"].user_id, export_id)
    return Response(200, "application/json", ExportState(**archive._asdict()), headers=_wait(archive))


@router.delete("/v1/me", status_code=202, summary="Delete my account", tags=["accounts"], operation_id="delete_me")
@fresh_sign_in
def delete_me() -> Response[Deletion]:
    """Does the same as `POST /v1/me/deletion`."""
    return _begin_deletion()


@router.post(
    "/v1/me/deletion", status_code=202, summary="Delete my account", tags=["accounts"], operation_id="create_deletion"
)
@fresh_sign_in
def create_deletion() -> Response[Deletion]:
    """Deletes everything: account, preferences, photos, face, embedding, pictures, all their old versions, what runs.

    The account is of no use from this answer on; the rest goes within minutes: follow `Location`.
    """
    return _begin_deletion()


def _begin_deletion() -> Response[Deletion]:
    caller = router.context["caller"]
    deletion_id = service.delete(caller.user_id, clock.now(), router.context["correlation_id"])
    headers = {"Location": "/v1/me/deletion", "Retry-After": _DELETION_SECONDS}
    return Response(202, "application/json", Deletion(deletion_id=deletion_id), headers=headers)


@router.get("/v1/me/deletion", summary="How far the deletion is", tags=["accounts"], operation_id="get_deletion")
@raises(NotFound)
def get_deletion() -> Response[DeletionState]:
    """Answers `deleting`, with `Retry-After`, and then `deleted`, until the access token that asks expires."""
    deletion_id = service.deletion(router.context["caller"].user_id)
    if deletion_id is None:
        return Response(200, "application/json", DeletionState(status="deleted", deletion_id=None))
    state = DeletionState(status="deleting", deletion_id=deletion_id)
    return Response(200, "application/json", state, headers={"Retry-After": _DELETION_SECONDS})


_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>motiv8</title>
<style>{style}</style>
<p>{text}</p>
{form}
</html>
"""
_STYLE = """body { font: 18px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem }
button { font: inherit; padding: .5rem 1rem }"""
_FORM = '<form method="post"><button>{button}</button></form>'


@router.get("/v1/mail/unsubscribe", summary="Unsubscribe page", tags=["mail"], operation_id="unsubscribe_page")
@public
@raises(UnsubscribeLinkInvalid)
def unsubscribe_page(token: Annotated[str, Query(max_length=2048)]) -> Response[str]:
    """A page with one button: a mail scanner that follows links must not unsubscribe anybody."""
    verify_unsubscribe_token(token, link_secret())
    form = _FORM.format(button=said("Unsubscribe"))
    return _page(said("Unsubscribe from picture emails? Your pictures stay in the app."), form)


@router.post("/v1/mail/unsubscribe", summary="One-click unsubscribe", tags=["mail"], operation_id="unsubscribe")
@public
@raises(Unavailable, UnsubscribeLinkInvalid)
def unsubscribe(token: Annotated[str, Query(max_length=2048)]) -> Response[str]:
    """Switches mails off (RFC 8058); the signed token stands for the sign-in."""
    service.switch_mail_off(verify_unsubscribe_token(token, link_secret()), "unsubscribed")
    return _page(said("You are unsubscribed. You can turn picture emails on again in the app's settings."), "")


def _page(text: str, form: str) -> Response[str]:
    body = _PAGE.format(style=_STYLE, text=text, form=form, language=spoken.get())
    headers = page_policy(style=_STYLE) | {"Content-Language": spoken.get()}
    return Response(200, "text/html; charset=utf-8", body, headers=headers)


def _wait(archive: exports.Archive) -> dict[str, str]:
    return {"Retry-After": _EXPORT_SECONDS} if archive.status == "making" else {}


def _profile(person: Person) -> Response[Profile]:
    shown = profile(person)
    return Response(200, "application/json", shown, headers={"ETag": entity_tag(shown)})


def _still_there(person: Person | None) -> Person:
    """The person, unless the account went while it was changed."""
    if person is None:
        raise Unauthorized
    return person


def _consent(person: Person) -> Consent:
    text = consent.current(spoken.get())
    agreed: Literal["outdated", "given"] = "given" if person.consents.is_current else "outdated"
    return Consent(
        status=agreed if person.consents.since is not None else "none",
        text=ConsentText(
            version=text.version,
            language=text.language,
            title=text.title,
            points=list(text.points),
            agreement=text.agreement,
        ),
        history=[
            ConsentRecord(
                version=record.version,
                language=record.language,
                given_at=clock.rfc3339(record.given_at),
                withdrawn_at=clock.rfc3339(record.withdrawn_at) if record.withdrawn_at else None,
            )
            for record in person.consents.history()
        ],
    )
