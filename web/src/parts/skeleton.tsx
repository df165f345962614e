import type { JSX } from "preact";

import { t } from "../language/language";

/** Where lines of text will be; said once to who cannot see them. */
export function Lines({ count = 3 }: { count?: number }): JSX.Element {
  return (
    <div class="lines" role="status">
      <span class="hidden">{t.app.loading}</span>
      {Array.from({ length: count }, (_, index) => (
        <i key={index} class="bone" aria-hidden="true" />
      ))}
    </div>
  );
}
