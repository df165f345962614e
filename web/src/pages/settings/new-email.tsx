import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, ask, type Profile } from "../../api/client";
import { t } from "../../language/language";
import { EmailField, MailedCode, MfaCode, Password, Problem } from "../../parts/parts";
import { useAction, useLoaded } from "../../parts/use";
import { session } from "../../session";

/** The address that the person signs in with, and the way to another one. */
export function NewEmail({ me, onChange }: { me: Profile; onChange: (me: Profile) => void }): JSX.Element {
  const [step, setStep] = useState<"closed" | "address" | "code">("closed");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [appCode, setAppCode] = useState("");
  // Asked anew each time: it may have been switched on or off on this very page.
  const factor = useLoaded(async () => (step === "address" ? ask(api.GET("/v1/auth/mfa")) : undefined), step);
  const submit = useAction(async () => {
    if (step === "address") {
      const proof = factor.data?.enabled ? { password, code: appCode } : { password };
      await ask(api.POST("/v1/auth/email", { body: { email, ...proof } }));
      setPassword("");
      setAppCode("");
      setStep("code");
    } else {
      const changed = await ask(api.POST("/v1/auth/email/verify", { body: { code } }));
      session.rename(changed.email);
      onChange(changed);
      setStep("closed");
    }
  });
  if (step === "closed") {
    return (
      <div class="row">
        <p>{t.settings.youAre(me.email)}</p>
        <button type="button" class="quiet" onClick={() => setStep("address")}>
          {t.settings.changeEmail}
        </button>
      </div>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit.run();
      }}
    >
      {step === "address" ? (
        <>
          <EmailField label={t.settings.newEmail} autoComplete="email" value={email} onInput={setEmail} />
          <Password value={password} onInput={setPassword} />
          {factor.data?.enabled ? <MfaCode label={t.signIn.appCode} value={appCode} onInput={setAppCode} /> : null}
        </>
      ) : (
        <MailedCode label={t.settings.codeSentTo(email)} value={code} onInput={setCode} />
      )}
      <Problem text={submit.error} />
      <div class="row">
        <button type="submit" disabled={submit.busy}>
          {submit.busy ? t.app.oneMoment : step === "address" ? t.settings.sendCode : t.settings.changeEmail}
        </button>
        <button type="button" class="plain" onClick={() => setStep("closed")}>
          {t.app.cancel}
        </button>
      </div>
    </form>
  );
}
