import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask, type Profile, type Schemas } from "./api/client";
import { ApiProblem } from "./api/problem";
import { Coach } from "./pages/coach/coach";
import { Pictures } from "./pages/pictures";
import { SelfiePage } from "./pages/selfie";
import { Settings } from "./pages/settings";
import { SignIn } from "./pages/sign-in";
import { Today } from "./pages/today";
import { Problem, Status, toHeading } from "./parts/parts";
import { SignInAgain } from "./parts/sign-in-again";
import { useLoaded } from "./parts/use";
import { isBack } from "./provider";
import { session } from "./session";

const PAGES = { today: "Today", coach: "Coach", pictures: "Pictures", settings: "Settings" } as const;
type Page = keyof typeof PAGES | "selfie";

function page(): Page {
  const name = location.hash.replace(/^#\/?/, "").split("/")[0] ?? "";
  return name === "selfie" || name in PAGES ? (name as Page) : "today";
}

/** Whoever is not signed in signs in; whoever has no face in use sends a photo; then the pages. */
export function App(): JSX.Element {
  // Whoever comes back from a provider ends that sign-in first.
  const [active, setActive] = useState(session.active && !isBack());
  const [online, setOnline] = useState(navigator.onLine);
  const [opening, setOpening] = useState(true);
  useEffect(
    () =>
      session.subscribe(() => {
        setActive(session.active);
        setOpening(false);
      }),
    [],
  );
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  return (
    <>
      <div role="status" class={online ? "" : "offline"}>
        {online ? "" : "You are offline. What you see may be out of date."}
      </div>
      {active ? <SignedIn key={session.email} /> : <SignIn opening={opening} />}
      <SignInAgain />
    </>
  );
}

interface Person {
  me: Profile;
  choices: Schemas["Choices"];
  hasFace: boolean;
}

async function person(): Promise<Person> {
  const [me, choices] = await Promise.all([ask(api.GET("/v1/me")), ask(api.GET("/v1/modes"))]);
  const selfie = await ask(api.GET("/v1/selfies/current")).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  });
  return { me, choices, hasFace: selfie?.face_in_use ?? false };
}

function SignedIn(): JSX.Element {
  const loaded = useLoaded(person);
  const [where, setWhere] = useState(page());
  useEffect(() => {
    const look = (): void => setWhere(page());
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  const { data } = loaded;
  if (!data) {
    return (
      <main class="narrow">
        <Problem text={loaded.error} again={loaded.reload} />
        {loaded.error ? null : <Status>Loading…</Status>}
      </main>
    );
  }
  const done = (): void => {
    location.hash = "#/today";
    loaded.reload();
  };
  // Today and the pictures are of no use without a face.
  const shown = data.hasFace || where === "settings" || where === "coach" ? where : "selfie";
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a jump within the page, made by hand since the address names the page */}
      <a class="skip" href="#main" onClick={(event) => skip(event)}>
        Skip to content
      </a>
      <header>
        <span class="brand">motiv8</span>
        <nav aria-label="Pages">
          {Object.entries(PAGES).map(([name, title]) => (
            <a key={name} href={`#/${name}`} aria-current={shown === name ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      {shown === "selfie" ? (
        <SelfiePage onDone={done} />
      ) : shown === "coach" ? (
        <Coach />
      ) : shown === "pictures" ? (
        <Pictures />
      ) : shown === "settings" ? (
        <Settings
          me={data.me}
          choices={data.choices}
          onChange={(me) => loaded.set({ ...data, me, hasFace: data.hasFace && me.biometric_consent })}
          onNewSelfie={() => {
            location.hash = "#/selfie";
          }}
        />
      ) : (
        <Today me={data.me} choices={data.choices} />
      )}
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  toHeading();
}
