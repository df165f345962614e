import type { JSX } from "preact";
import { useState } from "preact/hooks";

import "./setup.css";
import { api, ask, type Profile, type Schemas } from "../../api/client";
import { t } from "../../language/language";
import { Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { usePictures } from "../../pictures/use-pictures";
import { SelfiePage } from "../selfie";
import { DaysStep } from "./days";
import { LookStep } from "./look";
import { currentStep, keepStep, STEPS, type Step } from "./progress";

interface SetupProps {
  me: Profile;
  choices: Schemas["Choices"];
  onChange: (me: Profile) => void;
  onDone: () => void;
}

/** Photo, days, look: each step with the person's own picture beside it. Whoever has pictures only sends a photo. */
export function Setup({ me, choices, onChange, onDone }: SetupProps): JSX.Element {
  const pictures = usePictures();
  const [step, setStep] = useState<Step | null>(me.next_delivery_at ? currentStep() : null);
  const isNew = step !== null || (me.next_delivery_at === null && pictures.ready?.length === 0);
  const go = (to: Step | null): void => {
    keepStep(to);
    setStep(to);
    scrollTo({ top: 0 });
  };
  const change = useAction(async (body: Schemas["ProfileChange"], to: Step | null) => {
    onChange(await ask(api.PATCH("/v1/me", { body })));
    go(to);
    if (!to) onDone();
  });
  const preview = useAction(pictures.make);
  const withFace = async (): Promise<void> => {
    if (!isNew) {
      onDone();
      return;
    }
    const fresh = await ask(api.GET("/v1/me"));
    // Kept before the app sees a face, which would lead it to Today.
    go("days");
    onChange(fresh);
    void preview.run({ mode: fresh.mode, tone: fresh.tone });
  };
  const shown = step ?? "photo";
  return (
    <main class="setup">
      {isNew ? <Progress at={shown} onGo={go} /> : null}
      <Problem text={change.error} />
      {shown === "photo" ? (
        <SelfiePage onDone={withFace} onKeep={me.next_delivery_at && step ? () => go("days") : undefined} />
      ) : shown === "days" ? (
        <DaysStep
          me={me}
          pictures={pictures}
          problem={preview.error}
          busy={change.busy}
          onBack={() => go("photo")}
          onNext={(body) => void change.run(body, "look")}
        />
      ) : (
        <LookStep
          me={me}
          choices={choices}
          pictures={pictures}
          problem={preview.error}
          busy={change.busy}
          onBack={() => go("days")}
          onPreview={(look) => void preview.run(look)}
          onFinish={(look) => void change.run(look, null)}
        />
      )}
    </main>
  );
}

/** The three steps, and the way back to those that are done. */
function Progress({ at, onGo }: { at: Step; onGo: (step: Step) => void }): JSX.Element {
  const number = STEPS.indexOf(at);
  return (
    <nav class="steps" aria-label={t.setup.step(number + 1, STEPS.length)}>
      <ol>
        {STEPS.map((step, index) => (
          <li key={step} aria-current={step === at ? "step" : undefined} class={index <= number ? "done" : ""}>
            {index < number ? (
              <button type="button" class="plain" onClick={() => onGo(step)}>
                {t.setup.steps[step]}
              </button>
            ) : (
              <span>{t.setup.steps[step]}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
