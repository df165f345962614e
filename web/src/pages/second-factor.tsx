import qrcode from "qrcode-generator";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Schemas } from "../api/client";
import { MfaCode, Problem, Status } from "../parts/parts";
import { useAction, useLoaded } from "../parts/use";

/** A code of an authenticator app at each sign-in: on, off, and how to set it up. */
export function SecondFactor(): JSX.Element {
  const state = useLoaded(() => ask(api.GET("/v1/auth/mfa")));
  const [secret, setSecret] = useState<Schemas["MfaSecret"] | null>(null);
  const [code, setCode] = useState("");
  const begin = useAction(async () => {
    setSecret(await ask(api.POST("/v1/auth/mfa")));
    setCode("");
  });
  const verify = useAction(async () => {
    state.set(await ask(api.POST("/v1/auth/mfa/verify", { body: { code } })));
    setSecret(null);
  });
  const remove = useAction(async () => state.set(await ask(api.DELETE("/v1/auth/mfa"))));
  return (
    <section aria-labelledby="factor">
      <h2 id="factor">Second factor</h2>
      <Problem text={state.error || begin.error || remove.error} again={state.error ? state.reload : undefined} />
      {state.data?.enabled ? (
        <div class="row">
          <Status>On: each sign-in asks for a code of your app.</Status>
          <button type="button" class="plain danger" disabled={remove.busy} onClick={() => void remove.run()}>
            Switch it off
          </button>
        </div>
      ) : secret ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void verify.run();
          }}
        >
          <p>Scan this with an authenticator app, or open it there by hand.</p>
          <img class="qr" alt="QR code for an authenticator app" src={picture(secret.uri)} />
          <p>
            <code class="secret">{secret.secret}</code>
          </p>
          <MfaCode label="Six digits from the app" value={code} onInput={setCode} />
          <Problem text={verify.error} />
          <button type="submit" disabled={verify.busy}>
            Switch it on
          </button>
        </form>
      ) : state.data ? (
        <button type="button" class="quiet" disabled={begin.busy} onClick={() => void begin.run()}>
          Set up an authenticator app
        </button>
      ) : null}
    </section>
  );
}

function picture(uri: string): string {
  const code = qrcode(0, "M");
  code.addData(uri);
  code.make();
  return code.createDataURL(4, 8);
}
