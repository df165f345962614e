import type { JSX } from "preact";
import { useState } from "preact/hooks";
import qrcode from "qrcode-generator";

import { api, ask, type Schemas } from "../api/client";
import { t } from "../language/language";
import { MfaCode, Password, Problem, Status } from "../parts/parts";
import { useAction, useLoaded } from "../parts/use";

/** A code of an authenticator app at each sign-in: on, off, and how to set it up. Each change takes the password. */
export function SecondFactor(): JSX.Element {
  const state = useLoaded(() => ask(api.GET("/v1/auth/mfa")));
  const [changing, setChanging] = useState(false);
  const [secret, setSecret] = useState<Schemas["MfaSecret"] | null>(null);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const close = (): void => {
    setChanging(false);
    setSecret(null);
    setPassword("");
    setCode("");
  };
  const submit = useAction(async () => {
    if (state.data?.enabled) {
      state.set(await ask(api.POST("/v1/auth/mfa/disable", { body: { password, code } })));
    } else if (secret) {
      state.set(await ask(api.POST("/v1/auth/mfa/verify", { body: { password, code } })));
    } else {
      setSecret(await ask(api.POST("/v1/auth/mfa", { body: { password } })));
      return;
    }
    close();
  });
  const on = state.data?.enabled ?? false;
  return (
    <section aria-labelledby="factor">
      <h2 id="factor">{t.factor.title}</h2>
      <Problem text={state.error} again={state.error ? state.reload : undefined} />
      {on ? <Status>{t.factor.on}</Status> : null}
      {changing ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit.run();
          }}
        >
          {secret ? (
            <>
              <p>{t.factor.scan}</p>
              <img class="qr" alt={t.factor.qr} src={picture(secret.uri)} />
              <p>
                <code class="secret">{secret.secret}</code>
              </p>
            </>
          ) : (
            <Password value={password} onInput={setPassword} />
          )}
          {on || secret ? <MfaCode label={t.factor.code} value={code} onInput={setCode} /> : null}
          <Problem text={submit.error} />
          <div class="row">
            <button type="submit" class={on ? "danger" : undefined} disabled={submit.busy}>
              {on ? t.factor.turnOff : secret ? t.factor.turnOn : t.app.continue}
            </button>
            <button type="button" class="plain" onClick={close}>
              {t.app.cancel}
            </button>
          </div>
        </form>
      ) : state.data ? (
        <button type="button" class={on ? "plain danger" : "quiet"} onClick={() => setChanging(true)}>
          {on ? t.factor.turnOff : t.factor.setUp}
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
