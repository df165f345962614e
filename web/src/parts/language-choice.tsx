import type { JSX } from "preact";

import { choose, LANGUAGES, type Language, language, localeFor, t } from "../language/language";

/** Each language by its own name. */
export function LanguageOptions(): JSX.Element {
  return (
    <>
      {Object.entries(LANGUAGES).map(([name, title]) => (
        <option key={name} value={name} lang={name}>
          {title}
        </option>
      ))}
    </>
  );
}

/** The language of the app, before there is an account that keeps it. */
export function LanguageChoice(): JSX.Element {
  return (
    <label class="language">
      <span class="hidden">{t.settings.language}</span>
      <select value={language()} onChange={(event) => void choose(localeFor(event.currentTarget.value as Language))}>
        <LanguageOptions />
      </select>
    </label>
  );
}
