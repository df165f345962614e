import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Profile } from "../../api/client";
import { t } from "../../language/language";
import { WEEK, type Weekday } from "../../pictures/days";
import { dayName } from "../schedule";

type Lines = Profile["own_lines"];

const LONGEST = 80;

/** The person's own words for the pictures of a weekday; kept when they leave the field. */
export function OwnLines({ value, onChange }: { value: Lines; onChange: (lines: Lines) => void }): JSX.Element {
  const [typed, setTyped] = useState<Partial<Record<Weekday, string>>>({});
  const keep = (day: Weekday, text: string): void => {
    const { [day]: before, ...others } = value;
    if (text.trim() === (before ?? "")) return;
    onChange(text.trim() ? { ...others, [day]: text.trim() } : others);
  };
  return (
    <section aria-labelledby="own-lines">
      <h2 id="own-lines">{t.settings.ownLines}</h2>
      <p class="status">{t.settings.ownLinesHint}</p>
      {WEEK.map((day, index) => (
        <div key={day} class="own-line">
          <label for={`line-${day}`}>{dayName(index, "long")}</label>
          <input
            id={`line-${day}`}
            maxLength={LONGEST}
            autoComplete="off"
            value={typed[day] ?? value[day] ?? ""}
            onInput={(event) => setTyped({ ...typed, [day]: event.currentTarget.value })}
            onChange={(event) => keep(day, event.currentTarget.value)}
          />
        </div>
      ))}
    </section>
  );
}
