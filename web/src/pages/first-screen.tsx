import type { JSX } from "preact";

import { t } from "../language/language";
import { toHeading } from "../parts/parts";

/** Posters that motiv8 made of public-domain portraits; `make gallery` draws them. */
const POSTERS = ["sunrise", "city-night", "forest", "summit", "bold"] as const;

/** What the app does, for somebody who does not know it yet. */
export function FirstScreen({ onStart }: { onStart: () => void }): JSX.Element {
  return (
    <div class="pitch">
      <ul class="posters" aria-label={t.first.posters}>
        {POSTERS.map((name, index) => {
          const width = index === 0 ? 640 : 320;
          return (
            <li key={name}>
              <img src={`/people/${name}.webp`} alt={t.first.alts[name]} width={width} height={width * 1.25} />
            </li>
          );
        })}
      </ul>
      <h2>{t.first.title}</h2>
      <p class="lead">{t.first.lead}</p>
      <div class="row">
        <button type="button" onClick={onStart}>
          {t.first.start}
        </button>
        <button type="button" class="plain to-sign-in" onClick={toHeading}>
          {t.first.haveAccount}
        </button>
      </div>
    </div>
  );
}
