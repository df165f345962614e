"""The texts of consent that were ever shown, word for word: one that was shown stays here as it was."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """What somebody agrees to; `version` is the date from which on it was shown."""

    version: str
    language: str
    title: str
    points: tuple[str, ...]
    agreement: str


TEXTS = (
    Text(
        "2026-11-28",
        "en",
        "What happens with your face",
        (
            "We cut you out of the photo and keep a code of your face, to make your pictures and for nothing else.",
            "The photo itself is deleted after a week. Nobody else sees it, and nothing is trained with it.",
            "Take this back in the settings at any time: photo, face and code are then deleted.",
            "If you stay away, they are deleted three years after your last visit at the latest.",
        ),
        "I agree that motiv8 uses my face like this",
    ),
    Text(
        "2026-11-28",
        "de",
        "Was mit deinem Gesicht geschieht",
        (
            (
                "Wir schneiden dich aus dem Foto aus und behalten einen Code deines Gesichts, um deine Bilder zu machen"
                " und für nichts anderes."
            ),
            "Das Foto selbst wird nach einer Woche gelöscht. Niemand sonst sieht es, und nichts wird damit trainiert.",
            "Du kannst das jederzeit in den Einstellungen widerrufen: Foto, Gesicht und Code werden dann gelöscht.",
            "Wenn du wegbleibst, werden sie spätestens drei Jahre nach deinem letzten Besuch gelöscht.",
        ),
        "Ich stimme zu, dass motiv8 mein Gesicht so verwendet",
    ),
    Text(
        "2026-11-28",
        "es",
        "Qué pasa con tu cara",
        (
            "Te recortamos de la foto y guardamos un código de tu cara para hacer tus imágenes y para nada más.",
            "La foto en sí se elimina al cabo de una semana. Nadie más la ve, y no se entrena nada con ella.",
            (
                "Puedes retirar este consentimiento en los ajustes cuando quieras: entonces se eliminan la foto, la"
                " cara y el código."
            ),
            "Si dejas de venir, se eliminan como muy tarde tres años después de tu última visita.",
        ),
        "Acepto que motiv8 use mi cara de esta manera",
    ),
    Text(
        "2026-11-28",
        "fr",
        "Ce qu\u2019il advient de ton visage",
        (
            (
                "Nous te détourons de la photo et gardons un code de ton visage, pour faire tes images et pour rien"
                " d\u2019autre."
            ),
            (
                "La photo elle-même est supprimée au bout d\u2019une semaine. Personne d\u2019autre ne la voit, et elle"
                " ne sert à aucun entraînement."
            ),
            "Retire cet accord quand tu veux dans les réglages : la photo, le visage et le code sont alors supprimés.",
            "Si tu ne reviens pas, ils sont supprimés au plus tard trois ans après ta dernière visite.",
        ),
        "J\u2019accepte que motiv8 utilise ainsi mon visage",
    ),
)
"""Of a version the English one first; the current version is the first of all."""
