"""What can be wrong about notifications alone."""

from __future__ import annotations

from motiv8.errors import Conflict


class PushServiceMissing(Conflict):
    """Whoever runs this environment has not set the push service up."""

    slug = "push-service-missing"
    title = "Notifications to such apps are not set up"

    def __init__(self) -> None:
        super().__init__("Notifications by this service are not set up here. GET /v1/notifications lists what is.")
