import type { JSX } from "preact";

import { t } from "../../language/language";
import { Face } from "../../parts/face";
import { Problem } from "../../parts/parts";
import type { Pictures } from "../../pictures/use-pictures";

/** The person's first picture; until it is made, their face where it will be. */
export function Preview({ pictures, problem }: { pictures: Pictures; problem: string }): JSX.Element {
  const { ready, pending } = pictures;
  const [newest] = ready ?? [];
  const trouble = problem || pictures.problem;
  return (
    <aside class="preview" aria-label={t.setup.first}>
      <div class={`frame ${pending?.format ?? newest?.format ?? "portrait"}`}>
        {newest && !pending ? (
          <img class="loaded" src={newest.image_url ?? ""} alt={newest.alt_text ?? ""} />
        ) : (
          <Face title={trouble ? "" : t.setup.making} busy={!trouble} />
        )}
      </div>
      <div class="hidden" role="status">
        {newest && !pending ? t.today.ready : t.setup.making}
      </div>
      <Problem text={trouble && `${trouble} ${t.setup.noPreview}`} />
    </aside>
  );
}
