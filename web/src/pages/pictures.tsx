import type { JSX } from "preact";
import { useState } from "preact/hooks";

import "./pictures.css";
import type { Portrait, Profile } from "../api/client";
import { dayOf, fullDate, longDate, monthOf, todayIn } from "../language/dates";
import { t } from "../language/language";
import { Icon } from "../parts/icons";
import { Dialog, Problem, Title } from "../parts/parts";
import { useAction, useLoaded } from "../parts/use";
import { between, remove } from "../pictures/api";
import { weekdayOf } from "../pictures/days";
import { shareable } from "../pictures/share";
import { dayName } from "./schedule";
import { Actions } from "./today/actions";
import { Deck } from "./today/deck";

interface Month {
  year: number;
  month: number;
}

function iso({ year, month }: Month, day: number): string {
  return `${year}-${String(month + 1).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function lastDay({ year, month }: Month): number {
  return new Date(year, month + 1, 0).getDate();
}

/** A month of pictures, day by day. */
export function Pictures({ me }: { me: Profile }): JSX.Element {
  const today = todayIn(me.time_zone);
  const [month, setMonth] = useState<Month>({ year: dayOf(today).getFullYear(), month: dayOf(today).getMonth() });
  const [open, setOpen] = useState<string | null>(null);
  const pictures = useLoaded(() => between(iso(month, 1), iso(month, lastDay(month))), iso(month, 1));
  const first = new Date(month.year, month.month, 1);
  // While another month loads, the one before is not shown in its place.
  const loaded = pictures.data?.every(({ date }) => date.startsWith(iso(month, 1).slice(0, 7)));
  const ready = loaded ? (pictures.data ?? []).filter(({ status }) => status === "ready") : [];
  const move = (by: number): void => {
    const to = new Date(month.year, month.month + by, 1);
    setMonth({ year: to.getFullYear(), month: to.getMonth() });
  };
  return (
    <main class="pictures">
      <Title>{t.calendar.title}</Title>
      <div class="month">
        <button type="button" class="tool" aria-label={t.calendar.before} onClick={() => move(-1)}>
          <Icon name="left" />
        </button>
        <h2 aria-live="polite">{monthOf(first)}</h2>
        <button type="button" class="tool" aria-label={t.calendar.after} onClick={() => move(1)}>
          <Icon name="right" />
        </button>
        {ready.length ? <span class="count">{t.calendar.count(ready.length)}</span> : null}
      </div>
      <Problem text={pictures.error} again={pictures.reload} />
      <div class="weekdays" aria-hidden="true">
        {Array.from({ length: 7 }, (_, index) => (
          <span key={index}>{dayName(index, "short")}</span>
        ))}
      </div>
      <ol class={loaded || pictures.error ? "calendar" : "calendar loading"}>
        {/* Weeks begin on Monday. */}
        {Array.from({ length: (first.getDay() + 6) % 7 }, (_, index) => (
          <li key={`blank-${index}`} aria-hidden="true" class="blank" />
        ))}
        {Array.from({ length: lastDay(month) }, (_, index) => {
          const date = iso(month, index + 1);
          const works = date >= today && me.workout_days.includes(weekdayOf(date));
          return (
            <Day
              key={date}
              number={index + 1}
              date={date}
              kind={`${date === today ? "now " : ""}${works ? "works" : ""}`}
              those={ready.filter((each) => each.date === date)}
              onOpen={(portrait) => setOpen(portrait.portrait_id)}
            />
          );
        })}
      </ol>
      {loaded && !ready.length ? (
        <div class="none" role="status">
          <p>{t.calendar.none}</p>
          <small>{t.calendar.noneHint}</small>
        </div>
      ) : null}
      {open ? (
        <Opened
          ready={ready}
          open={open}
          onOpen={setOpen}
          onReload={pictures.reload}
          onRemoved={() => {
            setOpen(null);
            pictures.set((pictures.data ?? []).filter(({ portrait_id }) => portrait_id !== open));
          }}
        />
      ) : null}
    </main>
  );
}

interface DayProps {
  number: number;
  date: string;
  kind: string;
  those: readonly Portrait[];
  onOpen: (portrait: Portrait) => void;
}

function Day({ number, date, kind, those, onOpen }: DayProps): JSX.Element {
  const [first] = those;
  return (
    <li class={kind.trim()}>
      <span aria-hidden={first ? "true" : undefined}>{number}</span>
      {first ? (
        <button type="button" aria-label={t.calendar.from(longDate(dayOf(date)))} onClick={() => onOpen(first)}>
          <img src={first.thumbnail_url ?? ""} alt="" loading="lazy" />
          {those.length > 1 ? <small>{those.length}</small> : null}
        </button>
      ) : null}
    </li>
  );
}

interface OpenedProps {
  ready: readonly Portrait[];
  open: string;
  onOpen: (id: string | null) => void;
  onReload: () => void;
  onRemoved: () => void;
}

/** One picture of the month, large, with the others beside it. */
function Opened({ ready, open, onOpen, onReload, onRemoved }: OpenedProps): JSX.Element | null {
  const at = ready.findIndex(({ portrait_id }) => portrait_id === open);
  const portrait = ready[at];
  const erase = useAction(async () => {
    if (portrait) await remove(portrait);
    onRemoved();
  });
  if (!portrait) return null;
  const slides = ready.map((each) => ({ key: each.portrait_id, format: each.format, portrait: each }));
  return (
    <Dialog title={fullDate(dayOf(portrait.date))} wide onClose={() => onOpen(null)}>
      <Deck slides={slides} at={at} onMove={(to) => onOpen(slides[to]?.key ?? null)} onExpired={onReload} />
      <Actions key={portrait.portrait_id} file={shareable(portrait)} />
      <Problem text={erase.error} />
      <button type="button" class="plain danger" disabled={erase.busy} onClick={() => void erase.run()}>
        {t.calendar.remove}
      </button>
    </Dialog>
  );
}
