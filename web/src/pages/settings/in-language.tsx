import type { JSX } from "preact";
import { choose, type Language, language, languageOf, localeFor, t } from "../../language/language";
import { LanguageOptions } from "../../parts/language-choice";

/** Where each language is written in more ways than one. */
const VARIANTS = ["en-GB", "en-US", "en-CA", "de", "de-AT", "de-CH", "es", "es-MX", "es-AR", "fr", "fr-CA", "fr-CH"];

/** The language of the app, its mails and its pictures, and how dates are written in it. */
export function InLanguage({ value, onChange }: { value: string; onChange: (locale: string) => void }): JSX.Element {
  const spoken = languageOf(value);
  const variants = VARIANTS.filter((each) => languageOf(each) === language());
  const select = (locale: string): void => {
    // Once it is spoken, so that what is said of the change is said in it.
    void choose(locale).then(() => onChange(locale));
  };
  return (
    <>
      <div class="field">
        <label for="language">{t.settings.language}</label>
        <select
          id="language"
          value={spoken ?? language()}
          onChange={(event) => select(localeFor(event.currentTarget.value as Language))}
        >
          <LanguageOptions />
        </select>
      </div>
      <div class="field">
        <label for="dates">{t.settings.dates}</label>
        <select id="dates" value={value} onChange={(event) => select(event.currentTarget.value)}>
          {[...new Set([value, ...variants])].map((locale) => (
            <option key={locale} value={locale}>
              {exampleDate(locale)}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

function exampleDate(locale: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(new Date());
  } catch {
    return locale;
  }
}
