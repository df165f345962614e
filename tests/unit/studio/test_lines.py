"""Our lines: enough in each language, kind and short, fitting the day where one does, and none too soon again."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pytest

from motiv8.accounts.streak import Streak
from motiv8.catalogue.locales import LANGUAGES
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.tones import TONES
from motiv8.catalogue.weekdays import WEEK
from motiv8.studio.lines import GAP, HOURS, SEASONS, Occasion, lines, part_of_day, pick, season_on
from motiv8.studio.placement import MARGIN, WIDTH
from motiv8.studio.typefaces import length, typeface_for
from motiv8.studio.typography import block

DAY = date(2026, 1, 1)
YEARS = 2 * 365
POOLS = {"any", "streak", *WEEK, *SEASONS, *HOURS}
ALL = [(language, tone) for language in LANGUAGES for tone in TONES]
LONGEST_STREAK = 10_000
# Of bodies, illness, age, gender, guilt for food, faith, politics and death.
UNKIND = {
    "en": "fat belly thin slim skinny calories diet kilos pounds lazy ugly ill girl boy god pray beer wine cake dead",
    "de": "dick bauch speck dünn schlank abnehmen kalorien diät kilos hässlich krank mädchen kerl gott bete bier tot",
    "es": "gordo gorda barriga delgado delgada adelgazar calorías dieta kilos feo fea enfermo vieja chica chico dios",
    "fr": "gros grosse mince maigrir calories régime kilos moche malade vieux mec dieu prie bière gâteau mort",
}


def _all(language: str, tone: str) -> list[str]:
    return [line for pool in lines(language)[tone].values() for line in pool]


@pytest.mark.parametrize(("language", "tone"), ALL)
def test_there_is_a_line_for_each_day_of_a_year(language: str, tone: str) -> None:
    assert len(_all(language, tone)) >= 365
    assert set(lines(language)[tone]) == POOLS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_lines_of_a_language_are_alike(language: str) -> None:
    said = [re.sub(r"\W", "", line).lower() for tone in TONES for line in _all(language, tone)]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_is_a_clean_short_sentence(language: str) -> None:
    for tone in TONES:
        for pool, found in lines(language)[tone].items():
            for line in found:
                assert line == " ".join(line.split())
                assert len(line) <= 60, line
                assert line[-1] in ".?", line
                assert "'" not in line
                assert ("{streak}" in line) == (pool == "streak"), line
                # French sets a space before these, at which a line could be broken.
                assert language != "fr" or not set(line) & set("?!:;«»"), line
                assert not set(re.findall(r"\w+", line.lower())) & set(UNKIND[language].split()), line


@pytest.mark.parametrize(("language", "tone"), ALL)
def test_every_line_can_be_set_in_each_typeface_on_two_lines_with_no_word_broken(language: str, tone: str) -> None:
    typefaces = sorted({mode.typeface for mode in MODES.values()}) if tone == "motivate" else ["caption"]
    width, smallest = (WIDTH - 2 * MARGIN, 45) if tone == "motivate" else (WIDTH - 2 * MARGIN - 60, 28)
    said = [line.format(streak=LONGEST_STREAK) for line in _all(language, tone)]
    for typeface in typefaces:
        assert typeface_for("".join({letter for line in said for letter in line}), typeface) == typeface
        for line in said:
            if length(line, typeface, smallest) > width:
                assert " ".join(block(line, typeface, width, (smallest, smallest)).lines) == line


@pytest.mark.parametrize(("language", "tone"), ALL)
def test_no_line_comes_twice_within_120_days_whatever_fits_the_day(language: str, tone: str) -> None:
    rng = random.Random(f"{language}/{tone}")  # noqa: S311 - the same people each time
    zones = [None, "Europe/Berlin", "Australia/Sydney", "Asia/Singapore"]
    fitting = 0
    for _ in range(20):
        seed, misses = rng.getrandbits(64), rng.choice([0.0, 0.02, 0.2])
        workout_days = frozenset(rng.sample(WEEK, rng.choice([1, 3, 5, 7])))
        streak, zone = Streak(), rng.choice(zones)
        last: dict[str, int] = {}
        for ahead in range(YEARS):
            day = DAY + timedelta(ahead)
            if WEEK[day.weekday()] not in workout_days or rng.random() < misses:
                continue
            streak = streak.with_picture_on(day, workout_days)
            # People move, and choose other hours.
            zone = rng.choice(zones) if rng.random() < 0.02 else zone
            hour = 7 if rng.random() < 0.9 else rng.randrange(24)
            line = pick(tone, day, seed, Occasion(language, streak.days, hour, zone))
            template = line.replace(str(streak.days), "{streak}")
            assert ahead - last.get(template, -GAP) >= GAP, (line, day)
            last[template] = ahead
            fitting += template not in lines(language)[tone]["any"]
    assert fitting > 500


@pytest.mark.parametrize("tone", TONES)
def test_a_line_that_was_asked_for_is_not_a_daily_one_of_these_weeks(tone: str) -> None:
    for seed in range(20):
        asked = {pick(tone, DAY, seed, asked=number) for number in range(500)}
        near = {pick(tone, DAY + timedelta(ahead), seed) for ahead in range(-79, 80)}
        assert not asked & near
        assert len(asked) > 50


def test_the_same_input_gives_the_same_line_and_people_hear_different_ones() -> None:
    occasion = Occasion("de", 3, 18, "Europe/Berlin")
    assert pick("tease", DAY, 7, occasion) == pick("tease", DAY, 7, occasion)
    assert len({pick("motivate", DAY, seed) for seed in range(60)}) > 30


def test_a_round_streak_is_told() -> None:
    told = {
        streak
        for streak in range(351)
        if str(streak) in pick("motivate", DAY, 7, Occasion("en", streak)) and streak not in {0, 1}
    }
    assert told == {3, 7, 14, 21, 30, 50, 75, 100, 150, 200, 250, 300, 350}


@pytest.mark.parametrize("pool", sorted(POOLS - {"streak", "any"}))
def test_each_pool_has_its_turn_on_its_days_alone(pool: str) -> None:
    said: dict[str, list[tuple[date, int]]] = {}
    for ahead in range(YEARS):
        for hour in (7, 12, 19):
            day = DAY + timedelta(ahead)
            said.setdefault(pick("motivate", day, 5, Occasion("en", 0, hour, "Europe/Paris")), []).append((day, hour))
    days = [day for line in lines("en")["motivate"][pool] for day in said.get(line, ())]
    assert days
    for day, hour in days:
        fits = {WEEK[day.weekday()], season_on(day, "Europe/Paris"), part_of_day(hour)}
        assert pool in fits


@pytest.mark.parametrize(
    ("zone", "season"),
    [
        ("Europe/Berlin", "winter"),
        ("America/New_York", "winter"),
        ("Australia/Sydney", "summer"),
        ("America/Argentina/Buenos_Aires", "summer"),
        ("Africa/Johannesburg", "summer"),
        # No four seasons, or no place at all.
        ("Asia/Singapore", None),
        ("America/Bogota", None),
        ("UTC", None),
        (None, None),
        ("Mars/Olympus", None),
    ],
)
def test_the_season_is_the_one_where_the_person_lives(zone: str | None, season: str | None) -> None:
    assert season_on(DAY, zone) == season
