"""What somebody likes their pictures and mails to be. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from motiv8.catalogue.formats import DEFAULT_FORMAT
from motiv8.catalogue.locales import DEFAULT_LOCALE, language_of
from motiv8.catalogue.modes import DEFAULT_MODE
from motiv8.catalogue.themes import DEFAULT_THEME
from motiv8.catalogue.tones import DEFAULT_TONE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from motiv8.accounts.models import MailOffReason
    from motiv8.catalogue.locales import Language


@dataclass(frozen=True, slots=True)
class Preferences:
    """How pictures look, what they say, and whether they are mailed; `mail_off_reason` where not the app said no.

    `own_lines` are the person's own words for the daily pictures of a weekday, `mon` to `sun`.
    """

    mode: str = DEFAULT_MODE
    tone: str = DEFAULT_TONE
    theme: str = DEFAULT_THEME
    format: str = DEFAULT_FORMAT
    locale: str = DEFAULT_LOCALE
    mail_enabled: bool = True
    mail_off_reason: str | None = None
    own_lines: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """What the person is spoken to in."""
        return language_of(self.locale)

    def changed(self, **changes: Any) -> Preferences:
        """With what somebody chose in the app; a choice about mails outdates the reason why they were off."""
        changed = replace(self, **changes)
        return replace(changed, mail_off_reason=None) if "mail_enabled" in changes else changed

    def with_mail_off(self, reason: MailOffReason) -> Preferences:
        """Without pictures by mail, for a reason that the app tells; where they are off, the first reason stays."""
        return self if not self.mail_enabled else replace(self, mail_enabled=False, mail_off_reason=reason)

    def with_new_address(self) -> Preferences:
        """What the old address was switched off for says nothing of the new one."""
        return self.changed(mail_enabled=True) if self.mail_off_reason == "bounced" else self
