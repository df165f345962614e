import type { JSX } from "preact";

import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { canShare, download, type Shareable, share } from "../../pictures/share";

/** What can be done with a picture: share it where the browser can, and keep it as a file. */
export function Actions({ file, children }: { file: Shareable; children?: JSX.Element | null }): JSX.Element {
  const keep = useAction(() => download(file));
  const give = useAction(() => share(file));
  const shares = canShare(file);
  return (
    <>
      <div class={shares && children ? "actions-of-picture three" : "actions-of-picture"}>
        {shares ? (
          <button type="button" disabled={give.busy} onClick={() => void give.run()}>
            <Icon name="share" />
            {t.today.share}
          </button>
        ) : null}
        <button type="button" class={shares ? "quiet" : ""} disabled={keep.busy} onClick={() => void keep.run()}>
          <Icon name="download" />
          <span class="label">{t.today.download}</span>
        </button>
        {children}
      </div>
      <Problem text={keep.error || give.error} />
    </>
  );
}
