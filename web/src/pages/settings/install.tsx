import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { installPrompt } from "../../install";
import { t } from "../../language/language";

/** Put the app onto the home screen; nothing where the browser cannot, or has. */
export function Install(): JSX.Element | null {
  const [prompt, setPrompt] = useState(installPrompt.offered);
  useEffect(() => installPrompt.subscribe(() => setPrompt(installPrompt.offered)), []);
  if (!prompt) return null;
  return (
    <section aria-label={t.device.install}>
      <div class="row">
        <button
          type="button"
          class="quiet"
          onClick={() => {
            installPrompt.used();
            void prompt.prompt().then(() => setPrompt(null));
          }}
        >
          {t.device.install}
        </button>
        <small>{t.device.installHint}</small>
      </div>
    </section>
  );
}
