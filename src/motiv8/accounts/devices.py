"""The devices on which somebody is told that their picture is there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

WEB_PUSH = "web_push"
MOST_DEVICES = 5
"""Each is called when a picture is there; the one that subscribed first makes room."""


class Device(NamedTuple):
    """A browser's push subscription; or an app, of which `endpoint` is the token, and the keys are empty."""

    id: str
    endpoint: str
    p256dh: str
    auth: str
    created_at: str
    service: str = WEB_PUSH


_KEYS = tuple(name for name in Device._fields if name != "service")


@dataclass(frozen=True, slots=True)
class Devices:
    """A person's devices, the one that subscribed first before the others.

    `malformed` where something else is stored beside them, which goes with the next change of the devices.
    """

    all: tuple[Device, ...] = ()
    malformed: bool = False

    @classmethod
    def parse(cls, stored: Any) -> Devices:
        """From what a row holds; what is not a device is left out."""
        entries = stored if isinstance(stored, list) else []
        found = tuple(_device(entry) for entry in entries if _is_device(entry))
        return cls(found, malformed=stored is not None and len(found) != len(entries or [stored]))

    def stored(self) -> list[dict[str, str]] | None:
        """As a row holds them."""
        return [device._asdict() for device in self.all] or None

    def with_device(self, device: Device) -> Devices:
        """With this one last, in place of what it subscribed before; of too many the first goes."""
        return Devices((*self.without(device.id).all, device)[-MOST_DEVICES:])

    def without(self, device_id: str) -> Devices:
        """Those that stay when this one goes; unchanged where it is none of them."""
        kept = tuple(device for device in self.all if device.id != device_id)
        return self if kept == self.all else Devices(kept)


def _is_device(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in _KEYS)


def _device(entry: dict[str, Any]) -> Device:
    # A browser that was stored before there were apps names no service.
    return Device(**{key: entry[key] for key in _KEYS}, service=str(entry.get("service", WEB_PUSH)))
