import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { api, ask } from "../api/client";
import { sentence } from "../api/problem";
import { EmailField, Field, MailedCode, MfaCode, Problem, Status, Title } from "../parts/parts";
import { useAction, useLoaded } from "../parts/use";
import { comeBack, here, isBack, leave } from "../provider";
import { session } from "../session";
import { FirstScreen } from "./first-screen";

type Step = "in" | "up" | "confirm" | "code" | "forgot" | "reset";

const PASSWORD_HINT = "At least 10 characters. A few unrelated words work well.";

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
      go("confirm", `If ${email} has no account yet, we have sent it a code.`);
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
      go("reset", `If ${email} has an account, we have sent it a code.`);
    },
    async reset() {
      await ask(api.POST("/v1/auth/password/reset", { body: { email, code, password } }));
      go("in", "Your new password is set. You can now sign in with it.");
    },
  };
  const submit = useAction(() => steps[step]());
  const resend = useAction(async () => {
    await ask(api.POST("/v1/auth/resend", { body: { email } }));
    setNote(`We have sent another code to ${email}.`);
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

  const words: Record<Step, { title: string; button: string }> = {
    in: { title: "Sign in", button: "Sign in" },
    up: { title: "Create an account", button: "Send code" },
    confirm: { title: "Confirm your email", button: "Confirm" },
    code: { title: "Enter the code from your app", button: "Sign in" },
    forgot: { title: "Choose a password", button: "Send code" },
    reset: { title: "Choose a new password", button: "Set password" },
  };
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
          {words[step].title}
        </Title>
        <Status>{note}</Status>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit.run();
          }}
        >
          {step === "in" || step === "up" || step === "forgot" || late ? (
            <EmailField label="Email" autoComplete="username" value={email} onInput={setEmail} />
          ) : null}
          {step === "confirm" || step === "reset" ? (
            <MailedCode label="Code from the email" value={code} onInput={setCode} />
          ) : null}
          {step === "code" ? <MfaCode label="Six-digit code" value={code} onInput={setCode} /> : null}
          {step === "in" || newPassword ? (
            <Field
              label={step === "reset" ? "New password" : "Password"}
              type="password"
              autoComplete={newPassword ? "new-password" : "current-password"}
              hint={newPassword ? PASSWORD_HINT : undefined}
              minLength={newPassword ? 10 : undefined}
              maxLength={256}
              value={password}
              onInput={setPassword}
            />
          ) : null}
          <Problem text={submit.error || resend.error || notIn} />
          <button type="submit" disabled={submit.busy}>
            {submit.busy ? "One moment…" : words[step].button}
          </button>
        </form>
        <nav class="links" aria-label="Other options">
          {step !== "in" ? (
            <button type="button" class="plain" onClick={() => go("in")}>
              Sign in
            </button>
          ) : null}
          {step === "in" ? (
            <>
              <button type="button" class="plain" onClick={() => go("up")}>
                Create an account
              </button>
              <button type="button" class="plain" onClick={() => go("forgot")}>
                Forgot your password?
              </button>
              <button type="button" class="plain" onClick={() => go("confirm")}>
                I have a code
              </button>
            </>
          ) : null}
          {step === "confirm" ? (
            <button type="button" class="plain" disabled={resend.busy} onClick={() => void resend.run()}>
              Send another code
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
                {leaving ? "One moment…" : `Continue with ${each.title}`}
              </button>
            ))}
          </div>
        ) : null}
      </div>
    </main>
  );
}
