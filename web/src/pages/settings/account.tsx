import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Profile } from "../../api/client";
import { untilDone } from "../../api/pending";
import { Trouble } from "../../api/problem";
import { t } from "../../language/language";
import { Dialog, Field, Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { session } from "../../session";
import { forgetSharedPhoto } from "../../shared-photo";
import { keepStep } from "../setup/progress";
import { tellNoMore } from "../tell-me";
import { NewEmail } from "./new-email";

const EXPORT_PATIENCE = 150_000;

/** The person's data, address and sessions, and the end of the account. */
export function Account({ me, onChange }: { me: Profile; onChange: (me: Profile) => void }): JSX.Element {
  const [deleting, setDeleting] = useState(false);
  const signOut = useAction(async () => {
    await leaveDevice();
    // Signed out here even where the network is gone.
    await ask(api.POST("/v1/auth/revoke", { body: { refresh_token: session.refresh ?? "" } })).catch(() => undefined);
    session.end();
  });
  const signOutEverywhere = useAction(async () => {
    await ask(api.POST("/v1/auth/logout"));
    await leaveDevice();
    session.end();
  });
  const leaving = signOut.busy || signOutEverywhere.busy;
  return (
    <section aria-labelledby="account">
      <h2 id="account">{t.settings.account}</h2>
      <Everything />
      <NewEmail me={me} onChange={onChange} />
      <div class="row">
        <button type="button" class="quiet" disabled={leaving} onClick={() => void signOut.run()}>
          {t.settings.signOut}
        </button>
        <button type="button" class="quiet" disabled={leaving} onClick={() => void signOutEverywhere.run()}>
          {t.settings.signOutEverywhere}
        </button>
        <button type="button" class="plain danger" onClick={() => setDeleting(true)}>
          {t.settings.delete}
        </button>
      </div>
      <Problem text={signOutEverywhere.error && t.settings.stillIn(signOutEverywhere.error)} />
      {deleting ? <DeleteAccount onClose={() => setDeleting(false)} /> : null}
    </section>
  );
}

/** Leave nothing of the person on this device. */
async function leaveDevice(): Promise<void> {
  keepStep(null);
  await Promise.all([tellNoMore(), forgetSharedPhoto()].map((each) => each.catch(() => undefined)));
}

function Everything(): JSX.Element {
  const fetchAll = useAction(async () => {
    const made = await untilDone(
      () => api.GET("/v1/me/export"),
      ({ status }) => status === "ready",
      EXPORT_PATIENCE,
    );
    if (!made.url) throw new Trouble(t.trouble.slow);
    location.assign(made.url);
  });
  return (
    <div class="row">
      <button type="button" class="quiet" disabled={fetchAll.busy} onClick={() => void fetchAll.run()}>
        {fetchAll.busy ? t.settings.exporting : t.settings.export}
      </button>
      <Problem text={fetchAll.error} />
    </div>
  );
}

function DeleteAccount({ onClose }: { onClose: () => void }): JSX.Element {
  const [typed, setTyped] = useState("");
  const isTyped = typed.trim().toLocaleLowerCase() === t.settings.deleteWord;
  const remove = useAction(async () => {
    await ask(api.DELETE("/v1/me"));
    await leaveDevice();
    session.end();
  });
  return (
    <Dialog title={t.settings.deleteTitle} onClose={onClose}>
      <p>{t.settings.deleteText}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isTyped) void remove.run();
        }}
      >
        <Field label={t.settings.deleteConfirm} autoComplete="off" maxLength={20} value={typed} onInput={setTyped} />
        <Problem text={remove.error} />
        <button type="submit" class="danger" disabled={!isTyped || remove.busy}>
          {remove.busy ? t.app.oneMoment : t.settings.deleteAll}
        </button>
      </form>
    </Dialog>
  );
}
