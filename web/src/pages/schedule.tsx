import type { JSX } from "preact";

import type { Profile } from "../api/client";
import { timeOf, weekday } from "../language/dates";
import { t } from "../language/language";
import { WEEK } from "../pictures/days";

type Days = Profile["workout_days"];

/** A Monday; the days of the week are named after those that follow. */
const MONDAY = [2024, 0, 1] as const;

export function dayName(index: number, style: "long" | "short"): string {
  const [year, month, first] = MONDAY;
  return weekday(new Date(year, month, first + index, 12), style);
}

/** On which days pictures come; at least one. */
export function WorkoutDays({ value, onChange }: { value: Days; onChange: (days: Days) => void }): JSX.Element {
  return (
    <fieldset class="choice">
      <legend>{t.days.label}</legend>
      <div class="days">
        {WEEK.map((day, index) => (
          <label key={day} class="day">
            <input
              type="checkbox"
              aria-label={dayName(index, "long")}
              checked={value.includes(day)}
              onChange={(event) => {
                const on = event.currentTarget.checked;
                const days = on ? [...value, day] : value.filter((each) => each !== day);
                if (days.length) onChange(days);
                else event.currentTarget.checked = true;
              }}
            />
            <span aria-hidden="true">{dayName(index, "short").replace(".", "")}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** At what hour pictures come. */
export function DeliveryHour({ value, onChange }: { value: number; onChange: (hour: number) => void }): JSX.Element {
  const [year, month, day] = MONDAY;
  return (
    <div class="field">
      <label for="hour">{t.days.hour}</label>
      <select id="hour" value={String(value)} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {Array.from({ length: 24 }, (_, hour) => (
          <option key={hour} value={String(hour)}>
            {timeOf(new Date(year, month, day, hour))}
          </option>
        ))}
      </select>
    </div>
  );
}
