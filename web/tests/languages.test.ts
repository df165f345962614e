import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { todayIn, weekday } from "../src/language/dates";
import { words as de } from "../src/language/de";
import { words as en } from "../src/language/en";
import { words as es } from "../src/language/es";
import { words as fr } from "../src/language/fr";
import { choose, languageOf, localeFor, preferredLocale, profileLocale, speak, t } from "../src/language/language";

const OTHERS = { de, es, fr };
/** What is written alike in two languages. */
const ALIKE = new Set([
  "motiv8",
  "Coach",
  "Pages",
  "Format",
  "Film",
  "Photo",
  "Style",
  "Code",
  "Conversation",
  "Conversations",
  "Source",
  "Sources",
  "Name",
  "Question",
  "No",
  "OK",
]);
const SAMPLES = [1, 7];

/** Each text of a catalogue by its path; what takes values is asked with some. */
function texts(of: unknown, path = ""): [string, string][] {
  if (typeof of === "string") return [[path, of]];
  if (typeof of === "function") {
    return SAMPLES.map((sample) => [`${path}(${sample})`, (of as (...given: number[]) => string)(sample, sample + 1)]);
  }
  return Object.entries(of as object).flatMap(([name, each]) => texts(each, `${path}.${name}`));
}

beforeEach(async () => {
  localStorage.clear();
  await speak("en-GB");
});

afterEach(async () => {
  localStorage.clear();
  await speak("en-GB");
});

function browserSpeaks(...languages: string[]): void {
  vi.stubGlobal("navigator", { languages, language: languages[0] });
}

describe.each(Object.entries(OTHERS))("the words in %s", (_, catalogue) => {
  const english = new Map(texts(en));

  it("are all there and none is left in English", () => {
    const same = texts(catalogue).filter(
      ([path, text]) => english.get(path) === text && !ALIKE.has(text) && !/^\.(fields|answer\.page)/.test(path),
    );
    expect(same).toEqual([]);
    expect(texts(catalogue).filter(([, text]) => !text.trim())).toEqual([]);
  });

  it("carry every value that the English ones carry", () => {
    const own = new Map(texts(catalogue));
    const lost = [...english].filter(([path, text]) => {
      const sample = /\((\d)\)$/.exec(path)?.[1];
      return sample && sample !== "1" && text.includes(sample) && !own.get(path)?.includes(sample);
    });
    expect(lost).toEqual([]);
  });

  it("suggest as many questions and reasons", () => {
    expect(catalogue.coach.aboutLibrary).toHaveLength(en.coach.aboutLibrary.length);
    expect(catalogue.answer.reasons).toHaveLength(en.answer.reasons.length);
    expect(Object.keys(catalogue.answer.tools)).toEqual(Object.keys(en.answer.tools));
  });
});

describe("numbers of things", () => {
  it("take the form that the language wants", () => {
    expect([en, de, es].map(({ calendar }) => calendar.count(1))).toEqual(["1 picture", "1 Bild", "1 imagen"]);
    expect([en, de, es].map(({ calendar }) => calendar.count(0))).toEqual(["0 pictures", "0 Bilder", "0 imágenes"]);
    // French counts nothing in the singular.
    expect([0, 1, 2].map(fr.calendar.count)).toEqual(["0 image", "1 image", "2 images"]);
  });
});

describe("the language of the app", () => {
  it.each([
    [["de-AT", "en"], "de-AT"],
    [["nl-NL", "fr-CA", "en"], "fr-CA"],
    [["nl-NL"], "en-GB"],
    [[], "en-GB"],
  ])("for a browser that wants %s is that of %s", (wanted, locale) => {
    browserSpeaks(...wanted);
    expect(preferredLocale()).toBe(locale);
  });

  it("is what the person chose, once they did", async () => {
    browserSpeaks("de-DE");
    await choose("es-MX");
    expect([preferredLocale(), profileLocale(), document.documentElement.lang]).toEqual(["es-MX", "es-MX", "es"]);
    expect(t.pages.today).toBe("Hoy");
  });

  it("stays where somebody's mails are in a language that it does not speak", async () => {
    await speak("de");
    await speak("ja");
    expect([languageOf("ja"), t.pages.today]).toEqual([null, "Heute"]);
  });

  it("is written as the browser writes it", () => {
    browserSpeaks("en-US", "de-CH");
    expect([localeFor("en"), localeFor("de"), localeFor("es")]).toEqual(["en-US", "de-CH", "es"]);
  });

  it("names days in it, and knows what day it is elsewhere", async () => {
    await speak("fr");
    expect(weekday(new Date(2026, 10, 27))).toBe("vendredi");
    const late = new Date("2026-11-27T23:30Z");
    expect([todayIn("Asia/Tokyo", late), todayIn("America/Lima", late)]).toEqual(["2026-11-28", "2026-11-27"]);
  });
});
