import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask } from "../api/client";
import { sentence } from "../api/problem";
import { t } from "../language/language";
import { LanguageChoice } from "../parts/language-choice";
import { EmailField, Field, MailedCode, MfaCode, Problem, Status, Title } from "../parts/parts";
import { useAction, useLoaded } from "../parts/use";
import { comeBack, here, isBack, leave } from "../provider";
import { session } from "../session";
import { FirstScreen } from "./first-screen";

type Step = "in" | "up" | "confirm" | "code" | "forgot" | "reset";

interface SignInProps {
  /** The app has only just opened, so that nobody has signed out of it. */
  opening: boolean;
}

/** Everything before one is signed in; what was typed stays from step to step. */
export function SignIn({ opening }: SignInProps): JSX.Element {
  // Mails lead here, with which people choose a first password.
  const [step, setStep] = useState<Step>(location.hash === "#/set-password" ? "forgot" : "in");
  const [first, setFirst] = useState(opening && !isBack());
  const [email, setEmail] = useState(session.email);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [challenge, setChallenge] = useState("");
  const [note, setNote] = useState("");
  // A code that somebody comes back with (after a reload, say) needs email and password typed again.
  const [returning, setReturning] = useState(true);

  const go = (to: Step, said = ""): void => {
    setStep(to);
    setFirst(false);
    setNote(said);
    setReturning(step !== "up");
    setCode("");
    submit.clear();
  };

  const signIn = async (): Promise<void> => {
    const body = { grant_type: "password" as const, email, password };
    const answer = await ask(api.POST("/v1/auth/token", { body }));
    if ("challenge" in answer) {
      setChallenge(answer.session);
      go("code");
    } else {
      session.begin(email.toLowerCase(), answer);
    }
  };

  const steps: Record<Step, () => Promise<void>> = {
    in: signIn,
    async up() {
      const body = { email, password, ...here() };
      await ask(api.POST("/v1/auth/register", { body }));
      go("confirm", t.signIn.sentIfNew(email));
    },
    async confirm() {
      await ask(api.POST("/v1/auth/confirm", { body: { email, code, password } }));
      await signIn();
    },
    async code() {
      const body = { grant_type: "mfa_code" as const, email, session: challenge, code };
      const answer = await ask(api.POST("/v1/auth/token", { body }));
      if ("access_token" in answer) session.begin(email.toLowerCase(), answer);
    },
    async forgot() {
      await ask(api.POST("/v1/auth/password/forgot", { body: { email } }));
      setPassword("");
      go("reset", t.signIn.sentIfKnown(email));
    },
    async reset() {
      await ask(api.POST("/v1/auth/password/reset", { body: { email, code, password } }));
      go("in", t.signIn.passwordSet);
    },
  };
  const submit = useAction(() => steps[step]());
  const resend = useAction(async () => {
    await ask(api.POST("/v1/auth/resend", { body: { email } }));
    setNote(t.signIn.sentAgain(email));
  });

  const providers = useLoaded(() => ask(api.GET("/v1/auth/providers")));
  const [leaving, setLeaving] = useState(isBack());
  const [notIn, setNotIn] = useState("");
  useEffect(() => {
    if (!isBack()) return;
    comeBack().catch((error: unknown) => {
      setNotIn(sentence(error));
      setLeaving(false);
    });
  }, []);

  const late = step === "confirm" && returning;
  const newPassword = step === "up" || step === "reset" || late;

  return (
    <main class={step === "in" ? "entry" : "entry within"}>
      <p class="brand" aria-hidden="true">
        motiv8
      </p>
      <FirstScreen onStart={() => go("up")} />
      <div class="sign-in">
        <Title key={step} opening={first}>
          {t.signIn.titles[step]}
        </Title>
        <Status>{note}</Status>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit.run();
          }}
        >
          {step === "in" || step === "up" || step === "forgot" || late ? (
            <EmailField label={t.signIn.email} autoComplete="username" value={email} onInput={setEmail} />
          ) : null}
          {step === "confirm" || step === "reset" ? (
            <MailedCode label={t.signIn.mailedCode} value={code} onInput={setCode} />
          ) : null}
          {step === "code" ? <MfaCode label={t.signIn.sixDigits} value={code} onInput={setCode} /> : null}
          {step === "in" || newPassword ? (
            <Field
              label={step === "reset" ? t.signIn.newPassword : t.signIn.password}
              type="password"
              autoComplete={newPassword ? "new-password" : "current-password"}
              hint={newPassword ? t.signIn.passwordHint : undefined}
              minLength={newPassword ? 10 : undefined}
              maxLength={256}
              value={password}
              onInput={setPassword}
            />
          ) : null}
          <Problem text={submit.error || resend.error || notIn} />
          <button type="submit" disabled={submit.busy}>
            {submit.busy ? t.app.oneMoment : t.signIn.buttons[step]}
          </button>
        </form>
        <nav class="links" aria-label={t.signIn.options}>
          {step !== "in" ? (
            <button type="button" class="plain" onClick={() => go("in")}>
              {t.signIn.titles.in}
            </button>
          ) : null}
          {step === "in" ? (
            <>
              <button type="button" class="plain" onClick={() => go("up")}>
                {t.signIn.titles.up}
              </button>
              <button type="button" class="plain" onClick={() => go("forgot")}>
                {t.signIn.forgot}
              </button>
              <button type="button" class="plain" onClick={() => go("confirm")}>
                {t.signIn.haveCode}
              </button>
            </>
          ) : null}
          {step === "confirm" ? (
            <button type="button" class="plain" disabled={resend.busy} onClick={() => void resend.run()}>
              {t.signIn.sendAgain}
            </button>
          ) : null}
        </nav>
        {/* Last, since they come late and must not move what is there. */}
        {step === "in" || step === "up" ? (
          <div class="providers">
            {(providers.data?.providers ?? []).map((each) => (
              <button
                key={each.name}
                type="button"
                class="quiet"
                disabled={leaving}
                onClick={() => {
                  setLeaving(true);
                  void leave({ title: each.title, url: each.authorize_url });
                }}
              >
                {leaving ? t.app.oneMoment : t.signIn.with(each.title)}
              </button>
            ))}
          </div>
        ) : null}
      </div>
      <LanguageChoice />
    </main>
  );
}
