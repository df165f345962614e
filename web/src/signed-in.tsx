import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask, type Profile, type Schemas } from "./api/client";
import { choose, language, languageOf, locale, t } from "./language/language";
import { Pictures } from "./pages/pictures";
import { isSettingUp } from "./pages/setup/progress";
import { Setup } from "./pages/setup/setup";
import { Today } from "./pages/today/today";
import { Icon } from "./parts/icons";
import { Later, LaterPage } from "./parts/later";
import { Problem, toHeading } from "./parts/parts";
import { Lines } from "./parts/skeleton";
import { useLoaded } from "./parts/use";

const COACH = new LaterPage(async () => (await import("./pages/coach/coach")).Coach);
const SETTINGS = new LaterPage(async () => (await import("./pages/settings/settings")).Settings);

const WEEK = new LaterPage(async () => (await import("./pages/week/week")).Week);

const AT_REST = 3_000;
const PAGES = ["today", "coach", "pictures", "settings"] as const;
type Page = (typeof PAGES)[number] | "selfie" | "week";

function page(): Page {
  const name = location.hash.replace(/^#\/?/, "").split("/")[0] ?? "";
  return name === "selfie" || name === "week" ? name : (PAGES.find((each) => each === name) ?? "today");
}

interface Person {
  me: Profile;
  choices: Schemas["Choices"];
}

async function person(): Promise<Person> {
  const before = locale();
  const [me, choices] = await Promise.all([ask(api.GET("/v1/me")), ask(api.GET("/v1/modes"))]);
  const wanted = languageOf(me.locale);
  // Whoever chose another one meanwhile knows better than this answer.
  if (!wanted || locale() !== before) return { me, choices };
  const same = wanted === language();
  await choose(me.locale);
  return { me, choices: same ? choices : await ask(api.GET("/v1/modes")) };
}

/** The pages of somebody who is signed in; whoever has no face in use sends a photo first. */
export function SignedIn(): JSX.Element {
  const loaded = useLoaded(person);
  const [where, setWhere] = useState(page());
  useEffect(() => {
    const look = (): void => setWhere(page());
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  useEffect(() => {
    // Once there is nothing else to do, so that they open at once, without a network, too.
    const idle = setTimeout(
      () => void Promise.all([COACH.load(), SETTINGS.load(), WEEK.load()]).catch(() => undefined),
      AT_REST,
    );
    return () => clearTimeout(idle);
  }, []);
  const { data } = loaded;
  if (!data) {
    return (
      <div class="app">
        <main class="narrow">
          <Problem text={loaded.error} again={loaded.reload} />
          {loaded.error ? null : <Lines count={5} />}
        </main>
      </div>
    );
  }
  const { me, choices } = data;
  // A face that is in use has its next picture due.
  const hasFace = me.next_delivery_at !== null;
  // Today and the pictures are of no use without a face.
  const free = where === "settings" || where === "coach";
  const shown = free || (hasFace && !isSettingUp() && where !== "selfie") ? where : "selfie";
  const show = (changed: Profile): void => loaded.set({ ...data, me: changed });
  return (
    <div class="app">
      {/* biome-ignore lint/a11y/useValidAnchor: a jump within the page, made by hand since the address names the page */}
      <a class="skip" href="#main" onClick={(event) => skip(event)}>
        {t.app.skip}
      </a>
      <nav class="pages" aria-label={t.app.pages}>
        <span class="brand" aria-hidden="true">
          motiv8
        </span>
        {PAGES.map((name) => (
          <a
            key={name}
            href={`#/${name}`}
            aria-current={shown === name ? "page" : shown === "week" && name === "pictures" ? "true" : undefined}
          >
            <Icon name={name} />
            <span>{t.pages[name]}</span>
          </a>
        ))}
      </nav>
      {shown === "selfie" ? (
        <Setup
          me={me}
          choices={choices}
          onChange={show}
          onDone={() => {
            location.hash = "#/today";
            loaded.reload();
          }}
        />
      ) : shown === "coach" ? (
        <Later key="coach" page={COACH} given={{}} />
      ) : shown === "week" ? (
        <Later key="week" page={WEEK} given={{ me }} />
      ) : shown === "pictures" ? (
        <Pictures me={me} />
      ) : shown === "settings" ? (
        <Later
          key="settings"
          page={SETTINGS}
          given={{
            me,
            choices,
            onChange: show,
            onLanguage: loaded.reload,
            onNewSelfie: () => {
              location.hash = "#/selfie";
            },
          }}
        />
      ) : (
        <Today me={me} choices={choices} onMade={() => void ask(api.GET("/v1/me")).then(show, () => undefined)} />
      )}
    </div>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  toHeading();
}
