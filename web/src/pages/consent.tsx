import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Schemas } from "../api/client";
import { ApiProblem } from "../api/problem";
import { t } from "../language/language";
import { Problem, Switch } from "../parts/parts";
import { Lines } from "../parts/skeleton";
import { useLoaded } from "../parts/use";

interface UsedConsent {
  text: Schemas["Consent"] | undefined;
  error: string;
  reload: () => void;
  agreed: boolean;
  onSwitch: (on: boolean) => void;
  /** Tell the API, unless it knows. */
  agree: () => Promise<void>;
}

/** Whether the person agrees to the use of their face, and the text of it. */
export function useConsent(): UsedConsent {
  const consent = useLoaded(() => ask(api.GET("/v1/me/consent")));
  const [switched, setSwitched] = useState<boolean>();
  const agree = async (): Promise<void> => {
    if (!consent.data || consent.data.status === "given") return;
    const { version, language } = consent.data.text;
    try {
      consent.set(await ask(api.PUT("/v1/me/consent", { body: { version, language } })));
    } catch (problem) {
      // The text has changed meanwhile: it is shown anew, and wants to be agreed to anew.
      if (problem instanceof ApiProblem && problem.status === 409) {
        setSwitched(undefined);
        consent.reload();
      }
      throw problem;
    }
  };
  return {
    text: consent.data,
    error: consent.error,
    reload: consent.reload,
    agreed: switched ?? consent.data?.status === "given",
    onSwitch: setSwitched,
    agree,
  };
}

export function ConsentText({ consent }: { consent: UsedConsent }): JSX.Element {
  const { text: found } = consent;
  return (
    <section class="consent" aria-labelledby={found && "consent"}>
      {found ? (
        <div lang={found.text.language}>
          <h2 id="consent">{found.text.title}</h2>
          {found.status === "outdated" ? <p>{t.photo.outdated}</p> : null}
          <ul>
            {found.text.points.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
          <Switch label={found.text.agreement} checked={consent.agreed} onChange={consent.onSwitch} />
        </div>
      ) : consent.error ? (
        <Problem text={consent.error} again={consent.reload} />
      ) : (
        <Lines count={5} />
      )}
    </section>
  );
}
