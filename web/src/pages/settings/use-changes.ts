import { useRef, useState } from "preact/hooks";

import { api, ask, type Profile, type Schemas } from "../../api/client";
import { sentence } from "../../api/problem";
import { t } from "../../language/language";

export interface Changes {
  change: (body: Schemas["ProfileChange"]) => void;
  /** After all that was changed so far, so that the profile that is shown then is the last one. */
  settled: () => Promise<void>;
  saved: string;
  setSaved: (said: string) => void;
  problem: string;
}

/** Preferences, each kept as soon as it is changed. */
export function useChanges(me: Profile, onChange: (me: Profile) => void): Changes {
  const [saved, setSaved] = useState("");
  const [problem, setProblem] = useState("");
  const queue = useRef(Promise.resolve());
  const newest = useRef(0);
  // Shown at once and sent one after the other; what the API refuses goes back to what it was.
  const change = (body: Schemas["ProfileChange"]): void => {
    const turn = ++newest.current;
    setSaved("");
    setProblem("");
    onChange({ ...me, ...(body as Partial<Profile>) });
    queue.current = queue.current.then(async () => {
      try {
        const kept = await ask(api.PATCH("/v1/me", { body }));
        if (turn !== newest.current) return;
        onChange(kept);
        setSaved(t.app.saved);
      } catch (error) {
        onChange(me);
        setProblem(sentence(error));
      }
    });
  };
  return { change, settled: () => queue.current, saved, setSaved, problem };
}
