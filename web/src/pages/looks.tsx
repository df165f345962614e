import type { JSX } from "preact";

import type { Schemas } from "../api/client";
import { t } from "../language/language";
import { Choice } from "../parts/parts";
import type { Look } from "../pictures/api";

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
        legend={t.make.mode}
        value={look.mode}
        onChange={(mode) => onChange({ mode })}
        options={choices.modes.map((each) => ({
          name: each.name as Look["mode"],
          title: each.title,
          image: `/modes/${each.name}.webp`,
        }))}
      />
      <Choice
        legend={t.make.tone}
        value={look.tone}
        onChange={(tone) => onChange({ tone })}
        options={choices.tones.map((each) => ({ ...each, name: each.name as Look["tone"] }))}
      />
    </>
  );
}
