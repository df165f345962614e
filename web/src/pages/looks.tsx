import type { JSX } from "preact";

import type { Profile, Schemas } from "../api/client";
import { Choice } from "../parts/parts";

type Look = Pick<Profile, "mode" | "tone">;

/** The place, with previews, and the tone. */
export function Looks({
  choices,
  look,
  onChange,
}: {
  choices: Schemas["Choices"];
  look: Look;
  onChange: (change: Partial<Look>) => void;
}): JSX.Element {
  return (
    <>
      <Choice
        legend="Mode"
        value={look.mode}
        onChange={(mode) => onChange({ mode })}
        options={choices.modes.map((each) => ({
          name: each.name as Look["mode"],
          title: each.title,
          image: `/modes/${each.name}.webp`,
        }))}
      />
      <Choice
        legend="Tone"
        value={look.tone}
        onChange={(tone) => onChange({ tone })}
        options={choices.tones.map((each) => ({ ...each, name: each.name as Look["tone"] }))}
      />
    </>
  );
}
