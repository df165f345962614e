import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { t, useLanguage } from "./language/language";
import { SignIn } from "./pages/sign-in";
import { SignInAgain } from "./parts/sign-in-again";
import { isBack } from "./provider";
import { session } from "./session";
import { SignedIn } from "./signed-in";

/** Whoever is not signed in signs in; then the pages. */
export function App(): JSX.Element {
  useLanguage();
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
        {online ? "" : t.app.offline}
      </div>
      {active ? <SignedIn key={session.email} /> : <SignIn opening={opening} />}
      <SignInAgain />
    </>
  );
}
