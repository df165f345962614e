import type { JSX } from "preact";

import { toHeading } from "../parts/parts";

/** Posters that motiv8 made of public-domain portraits; `make gallery` draws them. */
const POSTERS = [
  ["sunrise", "A woman in a space suit in front of a sunrise over a lake: “Make your future self jealous.”"],
  ["city-night", "A man in a suit in front of a city at night: “Let the day find you moving.”"],
  ["forest", "A woman with long hair in a sunlit forest: “This is what getting better looks like.”"],
  ["summit", "A man with dark hair in front of a mountain range: “Discipline is a kindness to yourself.”"],
  ["bold", "A laughing man in front of bright circles: “Warm up. Wake up. Rise up.”"],
] as const;

/** What the app does, for somebody who does not know it yet. */
export function FirstScreen({ onStart }: { onStart: () => void }): JSX.Element {
  return (
    <div class="pitch">
      <ul class="posters" aria-label="Posters made with motiv8">
        {POSTERS.map(([name, alt], index) => {
          const width = index === 0 ? 640 : 320;
          return (
            <li key={name}>
              <img src={`/people/${name}.webp`} alt={alt} width={width} height={width * 1.25} />
            </li>
          );
        })}
      </ul>
      <h2>A picture of you that gets you moving</h2>
      <p class="lead">
        Take one selfie, pick your training days, and motiv8 makes a new poster of you for each of them.
      </p>
      <div class="row">
        <button type="button" onClick={onStart}>
          Get started
        </button>
        <button type="button" class="plain to-sign-in" onClick={toHeading}>
          I have an account
        </button>
      </div>
    </div>
  );
}
