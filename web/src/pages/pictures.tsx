import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Portrait } from "../api/client";
import { Dialog, Problem, Status, Title } from "../parts/parts";
import { useAction, useLoaded } from "../parts/use";
import { Picture } from "./picture";

interface Month {
  year: number;
  month: number;
}

function iso({ year, month }: Month, day: number): string {
  return `${year}-${String(month + 1).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function days({ year, month }: Month): number {
  return new Date(year, month + 1, 0).getDate();
}

async function picturesOf(month: Month): Promise<Portrait[]> {
  const found: Portrait[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { from: iso(month, 1), to: iso(month, days(month)), limit: 100, ...(cursor ? { cursor } : {}) };
    const page = await ask(api.GET("/v1/portraits", { params: { query } }));
    found.push(...page.portraits);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/** A month of pictures, day by day. */
export function Pictures(): JSX.Element {
  const now = new Date();
  const [month, setMonth] = useState<Month>({ year: now.getFullYear(), month: now.getMonth() });
  const [open, setOpen] = useState<Portrait | null>(null);
  const pictures = useLoaded(() => picturesOf(month), iso(month, 1));
  const ready = (pictures.data ?? []).filter((each) => each.status === "ready");
  const ofDay = (date: string): Portrait[] => ready.filter((each) => each.date === date);
  const others = open ? ofDay(open.date) : [];
  const move = (by: number): void => {
    const to = new Date(month.year, month.month + by, 1);
    setMonth({ year: to.getFullYear(), month: to.getMonth() });
  };
  const remove = useAction(async (portrait: Portrait) => {
    const path = { portrait_id: portrait.portrait_id };
    await ask(api.DELETE("/v1/portraits/{portrait_id}", { params: { path } }));
    setOpen(null);
    pictures.reload();
  });
  const title = new Date(month.year, month.month, 1).toLocaleDateString(undefined, { month: "long", year: "numeric" });
  // Weeks begin on Monday.
  const blank = (new Date(month.year, month.month, 1).getDay() + 6) % 7;

  return (
    <main>
      <Title>Pictures</Title>
      <div class="row month">
        <button type="button" class="quiet" aria-label="Previous month" onClick={() => move(-1)}>
          ‹
        </button>
        <h2 aria-live="polite">{title}</h2>
        <button type="button" class="quiet" aria-label="Next month" onClick={() => move(1)}>
          ›
        </button>
      </div>
      <Problem text={pictures.error} again={pictures.reload} />
      <ol class="calendar">
        {Array.from({ length: blank }, (_, index) => (
          <li key={`blank-${index}`} aria-hidden="true" class="blank" />
        ))}
        {Array.from({ length: days(month) }, (_, index) => {
          const date = iso(month, index + 1);
          const those = ofDay(date);
          const [first] = those;
          return (
            <li key={date}>
              <span aria-hidden={first ? "true" : undefined}>{index + 1}</span>
              {first ? (
                <button type="button" aria-label={`Picture from ${date}`} onClick={() => setOpen(first)}>
                  <img src={first.thumbnail_url ?? ""} alt="" loading="lazy" />
                  {those.length > 1 ? <small>{those.length}</small> : null}
                </button>
              ) : null}
            </li>
          );
        })}
      </ol>
      {pictures.data && !ready.length ? <Status>No pictures this month.</Status> : null}
      {open ? (
        <Dialog
          title={new Date(`${open.date}T12:00`).toLocaleDateString(undefined, { dateStyle: "full" })}
          onClose={() => setOpen(null)}
        >
          <Picture key={open.portrait_id} portrait={open} />
          {others.length > 1 ? (
            <nav class="row" aria-label="Pictures from this day">
              {others.map((each, index) => (
                <button
                  key={each.portrait_id}
                  type="button"
                  class="quiet"
                  aria-current={each.portrait_id === open.portrait_id ? "true" : undefined}
                  onClick={() => setOpen(each)}
                >
                  {index + 1}
                </button>
              ))}
            </nav>
          ) : null}
          <Problem text={remove.error} />
          <button type="button" class="plain danger" disabled={remove.busy} onClick={() => void remove.run(open)}>
            Delete this picture
          </button>
        </Dialog>
      ) : null}
    </main>
  );
}
