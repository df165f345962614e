import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Profile, Schemas } from "../../api/client";
import { t } from "../../language/language";
import { Title } from "../../parts/parts";
import type { Look } from "../../pictures/api";
import type { Pictures } from "../../pictures/use-pictures";
import { Looks } from "../looks";
import { Preview } from "./preview";

interface LookStepProps {
  me: Profile;
  choices: Schemas["Choices"];
  pictures: Pictures;
  problem: string;
  busy: boolean;
  onBack: () => void;
  onPreview: (look: Look) => void;
  onFinish: (look: Look) => void;
}

/** How pictures look; the person can see themselves in each look before they choose. */
export function LookStep(props: LookStepProps): JSX.Element {
  const { me, choices, pictures, problem, busy, onBack, onPreview, onFinish } = props;
  const [look, setLook] = useState<Look>({ mode: me.mode, tone: me.tone });
  const [made] = pictures.ready ?? [];
  const isAnother = made !== undefined && (made.mode !== look.mode || made.tone !== look.tone);
  return (
    <div class="step">
      <Preview pictures={pictures} problem={problem} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onFinish(look);
        }}
      >
        <Title>{t.setup.lookTitle}</Title>
        <p class="lead">{t.setup.lookLead}</p>
        <Looks choices={choices} look={look} onChange={(change) => setLook({ ...look, ...change })} />
        <div class="row ways">
          <button type="submit" disabled={busy}>
            {busy ? t.app.oneMoment : t.setup.finish}
          </button>
          <button
            type="button"
            class="quiet"
            disabled={!isAnother || pictures.pending !== null}
            onClick={() => onPreview(look)}
          >
            {t.setup.show}
          </button>
          <button type="button" class="plain" onClick={onBack}>
            {t.setup.backToDays}
          </button>
        </div>
      </form>
    </div>
  );
}
