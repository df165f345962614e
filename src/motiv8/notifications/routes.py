"""/v1/notifications: HTTP in and out."""

from typing import Annotated, get_args

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body

from motiv8 import clock
from motiv8.accounts.devices import WEB_PUSH, Device
from motiv8.accounts.service import person
from motiv8.aws.secrets import link_secret
from motiv8.declarations import raises
from motiv8.errors import NotFound
from motiv8.notifications import service, web_push
from motiv8.notifications.errors import PushServiceMissing
from motiv8.notifications.models import Notifications, PushService, Registration, Subscription, SubscriptionRequest
from motiv8.settings import settings

router = Router()


@router.get("/v1/notifications", summary="My devices", tags=["notifications"], operation_id="get_notifications")
def get_notifications() -> Notifications:
    """The devices that are told when today's picture is there, and the key with which a browser subscribes."""
    caller = router.context["caller"]
    devices = person(caller.user_id, clock.now()).devices
    key = web_push.public_key(web_push.sender_key(link_secret()))
    return Notifications(
        services=[name for name in get_args(PushService) if name in {WEB_PUSH, *settings().push_services}],
        public_key=key,
        subscriptions=[_subscription(device) for device in devices.all],
    )


@router.post(
    "/v1/notifications",
    status_code=201,
    summary="Turn on notifications for a device",
    tags=["notifications"],
    operation_id="subscribe",
)
def subscribe(body: Annotated[SubscriptionRequest, Body()]) -> Subscription:
    """Takes a browser's PushSubscription. Of more than five devices the one that came first is told no more."""
    caller = router.context["caller"]
    now = clock.now()
    person(caller.user_id, now)
    device = service.subscribe(caller.user_id, body.endpoint, body.keys.p256dh, body.keys.auth, now)
    return _subscription(device)


@router.post(
    "/v1/notifications/apps",
    status_code=201,
    summary="Turn on notifications for an app",
    tags=["notifications"],
    operation_id="register_app",
)
@raises(PushServiceMissing)
def register_app(body: Annotated[Registration, Body(discriminator="service")]) -> Subscription:
    """Takes an app's token of APNs or FCM, at each start of the app: the same token is the same device."""
    caller = router.context["caller"]
    now = clock.now()
    person(caller.user_id, now)
    return _subscription(service.register(caller.user_id, body.service, body.token, now))


@router.delete(
    "/v1/notifications/<subscription_id>",
    status_code=204,
    summary="Turn off notifications for a device",
    tags=["notifications"],
    operation_id="end_notifications",
)
@raises(NotFound)
def end_notifications(subscription_id: str) -> Response[None]:
    """The other devices are still told."""
    if not service.unsubscribe(router.context["caller"].user_id, subscription_id):
        raise NotFound("Notifications are not on for this device.")
    return Response(204)


def _subscription(device: Device) -> Subscription:
    kind: PushService = next(name for name in get_args(PushService) if name == device.service)
    return Subscription(subscription_id=device.id, service=kind, created_at=device.created_at)
