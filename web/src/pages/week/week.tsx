import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import "./week.css";
import type { Portrait, Profile, Schemas } from "../../api/client";
import { sentence } from "../../api/problem";
import { dayOf, dayRange, todayIn, weekday } from "../../language/dates";
import { t } from "../../language/language";
import { ExpiringImage } from "../../parts/expiring-image";
import { Icon } from "../../parts/icons";
import { Problem, Title } from "../../parts/parts";
import { weekTogether } from "../../pictures/api";
import { isoWeek, mondayOf, plusDays, weekOf } from "../../pictures/days";
import type { Shareable } from "../../pictures/share";
import { Actions } from "../today/actions";

const AT = "#/week";
const VIEWS = ["sheet", "film"] as const;
type View = (typeof VIEWS)[number];
type FoundWeek = Schemas["Week"];

/** The Monday of the week that the address names; null for this week. */
function named(): string | null {
  return mondayOf(/^#\/week\/([^/]+)$/.exec(location.hash)?.[1] ?? "");
}

/** A week's pictures on one sheet and as a film, to look at, share and keep. */
export function Week({ me }: { me: Profile }): JSX.Element {
  const thisMonday = weekOf(todayIn(me.time_zone))[0] ?? "";
  const [monday, setMonday] = useState(named() ?? thisMonday);
  useEffect(() => {
    const look = (): void => {
      if (location.hash.startsWith(AT)) setMonday(named() ?? thisMonday);
    };
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [thisMonday]);
  const { found, problem, reload } = useTogether(isoWeek(monday));
  const move = (by: number): void => {
    const to = plusDays(monday, by * 7);
    history.replaceState(null, "", `${AT}/${isoWeek(to)}`);
    setMonday(to);
  };
  const isNow = monday >= thisMonday;
  const [view, setView] = useState<View>("sheet");
  const file = fileOf(view, found);
  const isEmpty = found?.sheet_status === "none";
  const ready = found?.portraits.filter(({ status }) => status === "ready") ?? [];
  return (
    <main class="week-page">
      <div class="week-head">
        <Title>{t.week.title}</Title>
        <div class="turns">
          <button type="button" class="tool" aria-label={t.week.before} onClick={() => move(-1)}>
            <Icon name="left" />
          </button>
          <h2 aria-live="polite">{dayRange(dayOf(monday), dayOf(plusDays(monday, 6)))}</h2>
          {/* Not disabled, so that the focus stays where it is at this week. */}
          <button
            type="button"
            class="tool"
            aria-label={t.week.after}
            aria-disabled={isNow}
            onClick={() => isNow || move(1)}
          >
            <Icon name="right" />
          </button>
        </div>
        {isEmpty ? null : (
          <fieldset class="views" aria-label={t.week.view}>
            {VIEWS.map((each) => (
              <button key={each} type="button" aria-pressed={each === view} onClick={() => setView(each)}>
                {t.week[each]}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      {isEmpty ? (
        <Empty isNow={isNow} />
      ) : (
        <div class="frame portrait">
          {file ? <ExpiringImage key={file.name} address={file.address} alt={file.text} onExpired={reload} /> : null}
          {file || problem ? null : (
            <div class="bone whole-bone">
              <p role="status">{found ? t.week.making : t.app.loading}</p>
            </div>
          )}
        </div>
      )}
      <div class="week-side">
        <Problem text={problem} again={reload} />
        {file ? <Actions key={file.name} file={file} /> : null}
        {ready.length ? <Days ready={ready} /> : null}
      </div>
    </main>
  );
}

interface UsedTogether {
  found: FoundWeek | undefined;
  problem: string;
  reload: () => void;
}

/** The week while it is put together and once it is; undefined until the first answer. */
function useTogether(week: string): UsedTogether {
  const [found, setFound] = useState<FoundWeek>();
  const [problem, setProblem] = useState("");
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for the same once more
  useEffect(() => {
    let wanted = true;
    setProblem("");
    const show = (each: FoundWeek): boolean => {
      if (wanted) setFound(each);
      return wanted;
    };
    weekTogether(week, show).then(
      ({ sheet_status }) => wanted && sheet_status === "making" && setProblem(t.trouble.slow),
      (error) => wanted && setProblem(sentence(error)),
    );
    return () => {
      wanted = false;
    };
  }, [week, turn]);
  // While another week loads, the one before is not shown in its place.
  const current = found?.week === week ? found : undefined;
  return { found: current, problem, reload: () => setTurn((before) => before + 1) };
}

/** The sheet or the film of a week, as a file to take along; nothing until it is made. */
function fileOf(view: View, found: FoundWeek | undefined): Shareable | undefined {
  const address = view === "sheet" ? found?.sheet_url : found?.film_url;
  if (!found || !address) return undefined;
  const days = dayRange(dayOf(found.first), dayOf(found.last));
  return view === "sheet"
    ? { address, name: `motiv8-${found.week}.jpg`, type: "image/jpeg", text: t.week.sheetAlt(days) }
    : { address, name: `motiv8-${found.week}.webp`, type: "image/webp", text: t.week.filmAlt(days) };
}

/** A week without a picture. */
function Empty({ isNow }: { isNow: boolean }): JSX.Element {
  return (
    <div class="week-none" role="status">
      <Icon name="today" />
      <p>{isNow ? t.week.noneYet : t.week.none}</p>
      <small>{isNow ? t.week.noneYetHint : t.week.noneHint}</small>
      {isNow ? (
        <a class="button" href="#/today">
          {t.week.toToday}
        </a>
      ) : null}
    </div>
  );
}

/** Each day's picture, small, and what it says. */
function Days({ ready }: { ready: readonly Portrait[] }): JSX.Element {
  return (
    <section aria-labelledby="days-of-week">
      <h2 id="days-of-week">{t.calendar.count(ready.length)}</h2>
      <ol>
        {ready.map(({ portrait_id, date, line, thumbnail_url }) => (
          <li key={portrait_id}>
            <img src={thumbnail_url ?? ""} alt="" width="48" height="60" loading="lazy" />
            <span>
              <b>{weekday(dayOf(date))}</b>
              <small>{line}</small>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
