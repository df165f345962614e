import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask } from "../api/client";
import { answered, subscribe } from "../fresh";
import { t } from "../language/language";
import { leave } from "../provider";
import { session } from "../session";
import { Dialog, MfaCode, Password, Problem } from "./parts";
import { useAction } from "./use";

/** Asks for the password, and a code where there is a second factor, when something takes a sign-in of the last minutes. */
export function SignInAgain(): JSX.Element | null {
  const [asking, setAsking] = useState(false);
  useEffect(() => subscribe(setAsking), []);
  return asking ? <Question /> : null;
}

function Question(): JSX.Element {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [challenge, setChallenge] = useState("");
  const { email, provider } = session;
  const submit = useAction(async () => {
    const grant = challenge
      ? { grant_type: "mfa_code" as const, email, session: challenge, code }
      : { grant_type: "password" as const, email, password };
    const answer = await ask(api.POST("/v1/auth/token", { body: grant }));
    if ("challenge" in answer) {
      setChallenge(answer.session);
      return;
    }
    const before = session.refresh;
    session.begin(email, answer);
    answered(true);
    // The session before is of no use any more.
    if (before) await api.POST("/v1/auth/revoke", { body: { refresh_token: before } }).catch(() => undefined);
  });
  const goThere = useAction(leave);
  return (
    <Dialog title={t.signIn.againTitle} onClose={() => answered(false)}>
      {provider ? (
        <>
          <p>{t.signIn.againThere}</p>
          <Problem text={goThere.error} />
          <button type="button" disabled={goThere.busy} onClick={() => void goThere.run(provider)}>
            {goThere.busy ? t.app.oneMoment : t.signIn.with(provider.title)}
          </button>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit.run();
          }}
        >
          <p>{t.signIn.againAs(email)}</p>
          {challenge ? (
            <MfaCode label={t.signIn.appCode} value={code} onInput={setCode} />
          ) : (
            <Password value={password} onInput={setPassword} />
          )}
          <Problem text={submit.error} />
          <button type="submit" disabled={submit.busy}>
            {submit.busy ? t.app.oneMoment : t.app.continue}
          </button>
        </form>
      )}
    </Dialog>
  );
}
