"""Fixed, kind answers for somebody in danger, before any model is asked: what to do, and where to turn."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from motiv8.answering.fixed_texts import language_of
from motiv8.answering.safety_phrases import PATTERNS

if TYPE_CHECKING:
    from motiv8.answering.safety_phrases import Danger

# 112 is every EU member's (https://digital-strategy.ec.europa.eu/en/policies/112), and mobile phones' (3GPP TS 22.101).
_EMERGENCY = {"US": "911", "CA": "911", "MX": "911", "GB": "999", "AU": "000", "NZ": "111", "CH": "144", "AR": "911"}
_EMERGENCY_ELSEWHERE = "112"
# For people who think of suicide, free and day and night.
_SELF_HARM = {
    "US": "988",  # https://988lifeline.org
    "CA": "988",  # https://988.ca
    "GB": "116 123",  # https://www.samaritans.org
    "IE": "116 123",
    "DE": "0800 111 0 111",  # https://www.telefonseelsorge.de
    "AT": "142",  # https://www.telefonseelsorge.at
    "CH": "143",  # https://www.143.ch
    "ES": "024",  # https://www.sanidad.gob.es/linea024
    "FR": "3114",  # https://3114.fr
    "AU": "13 11 14",  # https://www.lifeline.org.au
    "NZ": "1737",  # https://1737.org.nz
}
_EATING = {
    "GB": "0808 801 0677",  # https://www.beateatingdisorders.org.uk
    "US": "1-888-375-7767",  # https://anad.org
    "DE": "0221 892031",  # https://www.bzga-essstoerungen.de
    "FR": "09 69 325 900",  # https://www.ffab.fr
}
_COUNTRY_OF_LANGUAGE = {"en": "", "de": "DE", "es": "ES", "fr": "FR"}
_EVERYWHERE = "findahelpline.com"

_TEXTS: dict[Danger, dict[str, str]] = {
    "self_harm": {
        "en": "I am glad that you said this, and I am sorry that it is so heavy for you right now. You do not "
        "have to carry it alone, and I am not the right one to help with it: please talk to a person now. "
        "{line} If you are in danger, call {emergency}. If you can, go to somebody you trust and stay with "
        "them.",
        "de": "Gut, dass du das sagst. Es tut mir leid, dass es gerade so schwer für dich ist. Du musst das nicht "
        "allein tragen, und ich bin dafür nicht die richtige Hilfe: Bitte sprich jetzt mit einem Menschen. "
        "{line} Wenn du in Gefahr bist, ruf {emergency} an. Geh, wenn du kannst, zu jemandem, dem du "
        "vertraust, und bleib dort.",
        "es": "Gracias por contarlo, y siento que ahora te pese tanto. No tienes que llevarlo a solas, y yo no "
        "soy la ayuda adecuada: por favor, habla ahora con una persona. {line} Si estás en peligro, llama "
        "al {emergency}. Si puedes, ve con alguien de confianza y quédate a su lado.",
        "fr": "Merci de l'avoir dit, et je suis désolé que ce soit si lourd en ce moment. Tu n'as pas à porter "
        "cela sans aide, et je ne suis pas la bonne personne pour cela : parle maintenant à quelqu'un. "
        "{line} Si tu es en danger, appelle le {emergency}. Si tu peux, va chez une personne de confiance "
        "et reste avec elle.",
    },
    "emergency": {
        "en": "This can be an emergency, and I cannot judge it. Stop what you are doing and call {emergency} now, "
        "or ask somebody next to you to call. Stay where you are, and do not stay alone.",
        "de": "Das kann ein Notfall sein, und ich kann es nicht beurteilen. Hör mit allem auf und ruf jetzt "
        "{emergency} an, oder bitte jemanden neben dir darum. Bleib, wo du bist, und bleib nicht allein.",
        "es": "Esto puede ser una emergencia, y yo no puedo valorarla. Deja lo que estés haciendo y llama ahora "
        "al {emergency}, o pide a alguien cercano que llame. Quédate donde estás, y no a solas.",
        "fr": "Cela peut être une urgence, et je ne peux pas en juger. Arrête ce que tu fais et appelle "
        "maintenant le {emergency}, ou demande à une personne près de toi d'appeler. Reste où tu es, et ne "
        "reste pas sans compagnie.",
    },
    "eating": {
        "en": "Thank you for telling me. Eating can become a heavy burden, and you deserve help with it that I "
        "cannot give: please talk to a doctor or to somebody you trust. {line} If you feel faint or very "
        "unwell, call {emergency}.",
        "de": "Danke, dass du es sagst. Essen kann zu einer schweren Last werden, und du verdienst dabei Hilfe, "
        "die ich nicht geben kann: Bitte sprich mit einer Ärztin, einem Arzt oder jemandem, dem du "
        "vertraust. {line} Wenn dir schwindlig ist oder es dir sehr schlecht geht, ruf {emergency} an.",
        "es": "Gracias por contarlo. Comer puede volverse una carga muy pesada, y mereces una ayuda que yo no "
        "puedo dar: por favor, habla con un médico o con alguien de confianza. {line} Si te mareas o te "
        "encuentras muy mal, llama al {emergency}.",
        "fr": "Merci de me le dire. Manger peut devenir un poids très lourd, et tu mérites une aide que je ne "
        "peux pas donner : parle à un médecin ou à une personne de confiance. {line} Si tu as des vertiges "
        "ou si tu vas très mal, appelle le {emergency}.",
    },
}
_LINE = {
    "en": "You can call {number}.",
    "de": "Du erreichst Hilfe unter {number}.",
    "es": "Puedes llamar al {number}.",
    "fr": "Tu peux appeler le {number}.",
}
_NO_LINE = {
    "en": f"{_EVERYWHERE} has numbers for your country.",
    "de": f"Nummern für dein Land stehen auf {_EVERYWHERE}.",
    "es": f"En {_EVERYWHERE} hay números de tu país.",
    "fr": f"Tu trouves les numéros de ton pays sur {_EVERYWHERE}.",
}


def danger_in(text: str) -> Danger | None:
    """What somebody who writes this may be in, the most urgent where there are several."""
    plain = _plain(text)
    return next((danger for danger, pattern in PATTERNS.items() if pattern.search(plain)), None)


def fixed_answer(text: str, locale: str) -> str | None:
    """The answer for somebody who is in danger, in their language with their country's numbers; None for all others."""
    danger = danger_in(text)
    if danger is None:
        return None
    language = language_of(locale)
    country = locale.rpartition("-")[2].upper() if "-" in locale else _COUNTRY_OF_LANGUAGE[language]
    number = {"self_harm": _SELF_HARM, "eating": _EATING, "emergency": _EMERGENCY}[danger].get(country)
    line = _LINE[language].format(number=number) if number else _NO_LINE[language]
    return _TEXTS[danger][language].format(line=line, emergency=_EMERGENCY.get(country, _EMERGENCY_ELSEWHERE))


def _plain(text: str) -> str:
    """In lower case, without accents and invisible characters, with straight apostrophes and single spaces."""
    parts = unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("\u2018", "'")).casefold()
    kept = "".join(each for each in parts if unicodedata.category(each) not in {"Mn", "Cf"})
    return " ".join(kept.split())
