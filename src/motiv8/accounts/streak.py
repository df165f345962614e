"""How many of their workout days in a row somebody has had a picture on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from motiv8.catalogue.weekdays import WEEK

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Streak:
    """Workout days in a row with a picture; `through` is the last of them, or a later day up to which none was missed.

    Days are the person's local dates; the workout days are those of their schedule at the time of asking.
    """

    days: int = 0
    through: date | None = None

    @classmethod
    def parse(cls, stored: Any) -> Streak:
        """From what a row holds; none where that is no streak."""
        try:
            days, through = stored
            day = date.fromisoformat(through)
        except (TypeError, ValueError):
            return cls()
        if type(days) is not int or not 0 < days <= _MOST:
            return cls()
        return cls(days, day)

    def stored(self) -> list[object] | None:
        """As a row holds it."""
        return None if self.through is None else [self.days, self.through.isoformat()]

    def with_picture_on(self, day: date, workout_days: AbstractSet[str]) -> Streak:
        """With a picture on a day: nothing changes where the day is no workout day, or was counted before."""
        if WEEK[day.weekday()] not in workout_days or (self.through is not None and day <= self.through):
            return self
        return Streak(self.as_of(day, workout_days) + 1, day)

    def as_of(self, today: date, workout_days: AbstractSet[str]) -> int:
        """How long it is; 0 once a workout day before today went by without a picture."""
        return 0 if self._is_missed_before(today, workout_days) else self.days

    def carried_to(self, day: date, workout_days: AbstractSet[str]) -> Streak:
        """Counted through a day at least, so that other workout days from then on neither end nor revive it."""
        if self.through is not None and day <= self.through:
            return self
        return Streak() if self._is_missed_before(day + timedelta(1), workout_days) else Streak(self.days, day)

    def _is_missed_before(self, today: date, workout_days: AbstractSet[str]) -> bool:
        if self.through is None:
            return True
        # Any week has a workout day.
        between = min((today - self.through).days - 1, 7)
        return any(WEEK[(self.through + timedelta(ahead)).weekday()] in workout_days for ahead in range(1, between + 1))
