import type { JSX } from "preact";

import type { Portrait, Profile } from "../../api/client";
import { dayOf, weekday } from "../../language/dates";
import { t } from "../../language/language";
import { weekdayOf, weekOf } from "../../pictures/days";

interface WeekProps {
  me: Profile;
  today: string;
  ready: readonly Portrait[];
  /** The day of the picture that is shown. */
  shown: string | undefined;
  onShow: (portrait: Portrait) => void;
}

/** The seven days of this week: which have a picture, and which are still to come. */
export function Week({ me, today, ready, shown, onShow }: WeekProps): JSX.Element {
  const days = weekOf(today);
  return (
    <section class="week" aria-labelledby="week">
      <div class="week-title">
        <h2 id="week">{t.today.week}</h2>
        {ready.some(({ date }) => days.includes(date)) ? <a href="#/week">{t.week.open}</a> : null}
      </div>
      <ol>
        {days.map((day) => {
          const picture = ready.find(({ date }) => date === day);
          const works = me.workout_days.includes(weekdayOf(day));
          const name = weekday(dayOf(day));
          return (
            <li
              key={day}
              class={[day === today && "now", works && "works", day < today && "past"].filter(Boolean).join(" ")}
            >
              <span aria-hidden="true">{weekday(dayOf(day), "narrow")}</span>
              {picture ? (
                <button
                  type="button"
                  aria-label={t.today.hasPicture(name)}
                  aria-current={day === shown ? "true" : undefined}
                  onClick={() => onShow(picture)}
                >
                  <img src={picture.thumbnail_url ?? ""} alt="" width="96" height="120" />
                </button>
              ) : (
                <i>
                  <span class="hidden">{works ? t.today.isWorkout(name) : t.today.isRest(name)}</span>
                </i>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
