import type { JSX } from "preact";
import { useState } from "preact/hooks";

import "./today.css";
import type { Portrait, Profile, Schemas } from "../../api/client";
import { dayOf, longDate, timeOf, todayIn, weekday } from "../../language/dates";
import { t } from "../../language/language";
import { Face } from "../../parts/face";
import { Icon } from "../../parts/icons";
import { Problem, Title } from "../../parts/parts";
import { shareable } from "../../pictures/share";
import { type Pictures, usePictures } from "../../pictures/use-pictures";
import { Actions } from "./actions";
import { Deck, type Slide } from "./deck";
import { Make } from "./make";
import { Week } from "./week";

/** How near the oldest picture that is loaded, earlier ones are loaded. */
const AHEAD = 4;

interface TodayProps {
  me: Profile;
  choices: Schemas["Choices"];
  onMade: () => void;
}

/** Today's picture, as large as the screen allows, and the days before it. */
export function Today({ me, choices, onMade }: TodayProps): JSX.Element {
  const pictures = usePictures(onMade);
  const [shownKey, setShownKey] = useState<string>();
  const [making, setMaking] = useState(false);
  const { ready, pending } = pictures;
  const slides = slidesOf(me, pictures);
  const at = Math.max(
    0,
    slides.findIndex(({ key }) => key === shownKey),
  );
  const portrait = slides[at]?.portrait;
  const today = todayIn(me.time_zone);
  const move = (to: number): void => {
    setShownKey(to === 0 ? undefined : slides[to]?.key);
    if (to + AHEAD > slides.length) pictures.more();
  };
  const isToday = !portrait || portrait.date === today;
  const another = (
    <button type="button" class={portrait ? "quiet" : ""} disabled={pending !== null} onClick={() => setMaking(true)}>
      <Icon name="plus" />
      {ready?.length ? t.today.another : t.today.makeFirst}
    </button>
  );
  return (
    <main class="today">
      <div class="today-head">
        <div>
          <Title>{isToday ? t.today.title : weekday(dayOf(portrait.date))}</Title>
          <p aria-live="polite">{longDate(dayOf(portrait?.date ?? today))}</p>
        </div>
        <Streak days={me.streak} />
      </div>
      <Deck slides={slides} at={at} onMove={move} onExpired={pictures.reload} />
      <div class="today-side">
        {portrait?.line ? <p class="line">{portrait.line}</p> : null}
        <Problem text={pictures.problem} again={ready ? undefined : pictures.reload} />
        <div role="status" class="hidden">
          {pending ? stage(pending) : ""}
        </div>
        {portrait ? (
          <Actions key={portrait.portrait_id} file={shareable(portrait)}>
            {another}
          </Actions>
        ) : ready ? (
          <div class="actions-of-picture">{another}</div>
        ) : null}
        <Week
          me={me}
          today={today}
          ready={ready ?? []}
          shown={portrait?.date}
          onShow={(wanted) => move(slides.findIndex(({ key }) => key === wanted.portrait_id))}
        />
        <Next me={me} />
      </div>
      {making ? (
        <Make
          me={me}
          choices={choices}
          onMake={async (wish) => {
            await pictures.make(wish);
            setShownKey(undefined);
            scrollTo({ top: 0 });
          }}
          onClose={() => setMaking(false)}
        />
      ) : null}
    </main>
  );
}

function slidesOf(me: Profile, { ready, pending }: Pictures): Slide[] {
  const slides: Slide[] = (ready ?? []).map((portrait) => ({
    key: portrait.portrait_id,
    format: portrait.format,
    portrait,
  }));
  if (pending) {
    const instead = <Face title={stage(pending)} busy />;
    return [{ key: `pending-${pending.portrait_id}`, format: pending.format, instead }, ...slides];
  }
  if (slides.length) return slides;
  return [
    {
      key: "none",
      format: me.format,
      instead: ready ? <Face title={t.today.none} words={t.today.first} /> : <Skeleton />,
    },
  ];
}

function stage({ status }: Portrait): string {
  return status === "queued" ? t.today.queued : status === "making" ? t.today.making : "";
}

/** Where a picture will be. */
function Skeleton(): JSX.Element {
  return (
    <div class="bone whole-bone">
      <span class="hidden">{t.app.loading}</span>
    </div>
  );
}

function Streak({ days }: { days: number }): JSX.Element {
  return (
    <p class={days ? "streak on" : "streak"} title={days ? t.today.streak(days) : t.today.startStreak}>
      <Icon name="streak" />
      <span aria-hidden="true">{days}</span>
      <span class="hidden">{days ? t.today.streak(days) : t.today.startStreak}</span>
    </p>
  );
}

function Next({ me }: { me: Profile }): JSX.Element | null {
  if (!me.next_delivery_at) return null;
  const next = new Date(me.next_delivery_at);
  return <p class="next">{t.today.next(weekday(next, "long", me.time_zone), timeOf(next, me.time_zone))}</p>;
}
