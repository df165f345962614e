import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Profile, Schemas } from "../../api/client";
import { t } from "../../language/language";
import { Dialog, Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import type { Look } from "../../pictures/api";
import { Looks } from "../looks";

interface MakeProps {
  me: Profile;
  choices: Schemas["Choices"];
  /** Have it made; what it throws is told here. */
  onMake: (look: Look) => Promise<void>;
  onClose: () => void;
}

/** How the next picture is to look, for this once. */
export function Make({ me, choices, onMake, onClose }: MakeProps): JSX.Element {
  const [look, setLook] = useState<Look>({ mode: me.mode, tone: me.tone });
  const make = useAction(async () => {
    await onMake(look);
    onClose();
  });
  return (
    <Dialog title={t.make.title} onClose={onClose} wide>
      <Looks choices={choices} look={look} onChange={(change) => setLook({ ...look, ...change })} />
      <Problem text={make.error} />
      <button type="button" class="whole" disabled={make.busy} onClick={() => void make.run()}>
        {make.busy ? t.app.oneMoment : t.make.button}
      </button>
    </Dialog>
  );
}
