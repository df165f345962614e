"""Somebody in danger gets a fixed answer with where to turn; somebody who talks of sport does not."""

from __future__ import annotations

import pytest

from motiv8.answering.safety import danger_in, fixed_answer

SELF_HARM = [
    "I want to kill myself",
    "i don't want to live anymore",
    "I don\u2019t want to wake up tomorrow",
    "Lately I feel suicidal",
    "sometimes I think about ending my life",
    "everyone would be better off without me",
    "I keep cutting myself at night",
    "I wanna die",
    "I want to hurt myself",
    "I cut myself on purpose",
    "thinking about suicide",
    "I w\u200bant to die",
    "Ich will nicht mehr leben",
    "Ich möchte mich umbringen",
    "Ich denke an Selbstmord",
    "ich ritze mich wieder",
    "Quiero morirme",
    "no quiero vivir más",
    "Pienso en quitarme la vida",
    "Je veux mourir",
    "j'ai envie de mourir",
    "Je pense à me suicider",
    "je ne veux plus vivre",
]
EMERGENCY = [
    "I have a crushing pain in my chest and my arm is numb",
    "my chest hurts badly since the run",
    "I think I'm having a heart attack",
    "I can't breathe",
    "I passed out during my run this morning",
    "I took too many pills",
    "I am coughing up blood",
    "Ich habe starke Schmerzen in der Brust",
    "Ich bekomme keine Luft mehr",
    "Ich war nach dem Training kurz bewusstlos",
    "Me duele mucho el pecho",
    "No puedo respirar",
    "Me he desmayado corriendo",
    "J'ai une douleur dans la poitrine",
    "Je n'arrive plus à respirer",
    "J'ai perdu connaissance",
]
EATING = [
    "I think I have an eating disorder",
    "I make myself throw up after dinner",
    "I am starving myself to get faster",
    "I have not eaten in three days to lose weight",
    "I'm scared to eat",
    "Ich habe Bulimie",
    "ich erbreche nach jedem Essen",
    "Ich habe seit Tagen nichts gegessen",
    "Creo que tengo anorexia",
    "me provoco el vómito",
    "Je me fais vomir après les repas",
    "Je suis boulimique",
]
HARMLESS = [
    "this workout is killing me",
    "I hurt myself lifting a box, what now?",
    "I cut myself shaving",
    "How many suicides should I run in practice?",
    "Are suicide sprints good for speed?",
    "My arches have collapsed, which shoes?",
    "It became an unconscious habit",
    "Leg day kills me every time, is that normal?",
    "I'm dying to try the marathon",
    "I could die of embarrassment in the gym",
    "my legs are dead after squats",
    "I'd kill for a rest day",
    "How do I build a bigger chest?",
    "What is a good chest day workout?",
    "My chest muscles are sore from push-ups",
    "How do I breathe when lifting?",
    "I was out of breath on the stairs",
    "I can't breathe through my nose when I run",
    "What should I eat after a session?",
    "Should I eat before a run?",
    "I don't want to live near a road with cars when I run",
    "I hurt my knee",
    "How can I stop being hard on myself?",
    "Ich sterbe vor Hunger nach dem Training",
    "Das Training bringt mich um",
    "Ich bin nach dem Lauf total kaputt",
    "Wie atme ich beim Kreuzheben?",
    "Dieses Workout ist mörderisch",
    "Me muero de hambre después de correr",
    "Este entrenamiento me mata",
    "¿Cómo respiro al correr?",
    "Cet entraînement me tue",
    "je suis mort de fatigue",
    "Je meurs de faim après la séance",
    "Comment respirer en courant ?",
    "I skipped breakfast, can I still train?",
    "How do I carry a weight in one hand?",
    "Is it normal that my arm feels heavy after pull-ups?",
]


@pytest.mark.parametrize("text", SELF_HARM)
def test_thoughts_of_self_harm_are_heard(text: str) -> None:
    assert danger_in(text) == "self_harm"


@pytest.mark.parametrize("text", EMERGENCY)
def test_signs_of_an_emergency_are_heard(text: str) -> None:
    assert danger_in(text) == "emergency"


@pytest.mark.parametrize("text", EATING)
def test_a_troubled_relation_to_food_is_heard(text: str) -> None:
    assert danger_in(text) == "eating"


@pytest.mark.parametrize("text", HARMLESS)
def test_sport_talk_is_answered_as_ever(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    ("locale", "numbers"),
    [
        ("en-US", ("988", "911")),
        ("en-GB", ("116 123", "112", "999")),
        ("de", ("0800 111 0 111", "112")),
        ("de-AT", ("142", "112")),
        ("de-CH", ("143", "144")),
        ("es-ES", ("024", "112")),
        ("fr", ("3114", "112")),
        ("pt-BR", ("findahelpline.com", "112")),
        ("en", ("findahelpline.com", "112")),
    ],
)
def test_the_answer_names_the_numbers_of_the_persons_country(locale: str, numbers: tuple[str, ...]) -> None:
    answer = fixed_answer("I want to die", locale)
    assert answer is not None
    assert numbers[0] in answer
    assert numbers[-1] in answer


def test_the_answer_is_in_the_persons_language() -> None:
    begins = {"en": "I am glad", "de": "Gut, dass", "es": "Gracias", "fr": "Merci", "it": "I am glad"}
    for locale, start in begins.items():
        answer = fixed_answer("I want to die", locale)
        assert answer is not None
        assert answer.startswith(start)


def test_everybody_else_gets_no_fixed_answer() -> None:
    assert fixed_answer("this workout is killing me", "en") is None
