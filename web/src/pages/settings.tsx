import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { api, ask, type Profile, type Schemas } from "../api/client";
import { ApiProblem, sentence } from "../api/problem";
import {
  Choice,
  Dialog,
  EmailField,
  Field,
  MailedCode,
  MfaCode,
  Password,
  Problem,
  Status,
  Switch,
  Title,
} from "../parts/parts";
import { until, useAction, useLoaded } from "../parts/use";
import { session } from "../session";
import { Looks } from "./looks";
import { SecondFactor } from "./second-factor";
import { TellMe, tellNoMore } from "./tell-me";

const DAYS: readonly { name: Profile["workout_days"][number]; title: string }[] = [
  { name: "mon", title: "Mon" },
  { name: "tue", title: "Tue" },
  { name: "wed", title: "Wed" },
  { name: "thu", title: "Thu" },
  { name: "fri", title: "Fri" },
  { name: "sat", title: "Sat" },
  { name: "sun", title: "Sun" },
];

const MAIL_OFF: Record<NonNullable<Profile["mail_off_reason"]>, string> = {
  unsubscribed: "Off because you unsubscribed.",
  bounced: "Off because our emails could not be delivered to your address.",
  complained: "Off because one of our emails was marked as spam.",
};
const LOCALES = "en-GB en-US de fr es it nl pt-BR pt-PT pl sv da nb fi cs hu ro el tr uk ru ja ko zh-CN zh-TW".split(
  " ",
);
const EXPORT_PATIENCE = 150_000;

interface Props {
  me: Profile;
  choices: Schemas["Choices"];
  onChange: (me: Profile) => void;
  onNewSelfie: () => void;
}

/** Preferences, each kept as soon as it is changed; the account; and the way out. */
export function Settings({ me, choices, onChange, onNewSelfie }: Props): JSX.Element {
  const [saved, setSaved] = useState("");
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState("");
  const queue = useRef(Promise.resolve());
  const newest = useRef(0);
  // Shown at once and sent one after the other; what the API refuses goes back to what it was.
  const change = (body: Schemas["ProfileChange"]): void => {
    const turn = ++newest.current;
    setSaved("");
    setProblem("");
    onChange({ ...me, ...(body as Partial<Profile>) });
    queue.current = queue.current.then(async () => {
      try {
        const kept = await ask(api.PATCH("/v1/me", { body }));
        if (turn !== newest.current) return;
        onChange(kept);
        setSaved("Saved.");
      } catch (error) {
        onChange(me);
        setProblem(sentence(error));
      }
    });
  };
  const signOut = useAction(async () => {
    await tellNoMore().catch(() => undefined);
    // Signed out here even where the network is gone.
    await ask(api.POST("/v1/auth/revoke", { body: { refresh_token: session.refresh ?? "" } })).catch(() => undefined);
    session.end();
  });
  const signOutEverywhere = useAction(async () => {
    await ask(api.POST("/v1/auth/logout"));
    await tellNoMore().catch(() => undefined);
    session.end();
  });
  const leaving = signOut.busy || signOutEverywhere.busy;
  const withdraw = useAction(async () => {
    setSaved("");
    // After what was changed just before, so that the profile that is shown then is the last one.
    await queue.current;
    await ask(api.DELETE("/v1/me/consent"));
    onChange(await ask(api.GET("/v1/me")));
    setSaved("Saved.");
  });
  const zones = Intl.supportedValuesOf("timeZone");

  return (
    <main>
      <Title>Settings</Title>
      <Problem text={problem} />
      <Status>{saved}</Status>
      <section aria-labelledby="when">
        <h2 id="when">Schedule</h2>
        <fieldset class="choice">
          <legend>Workout days</legend>
          <div class="days">
            {DAYS.map(({ name, title }) => (
              <label key={name} class="day">
                <input
                  type="checkbox"
                  checked={me.workout_days.includes(name)}
                  onChange={(event) => {
                    const on = event.currentTarget.checked;
                    const days = on ? [...me.workout_days, name] : me.workout_days.filter((each) => each !== name);
                    if (days.length) change({ workout_days: days });
                    else event.currentTarget.checked = true;
                  }}
                />
                <span>{title}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div class="field">
          <label for="hour">Delivery time</label>
          <select
            id="hour"
            value={String(me.delivery_hour)}
            onChange={(event) => change({ delivery_hour: Number(event.currentTarget.value) })}
          >
            {Array.from({ length: 24 }, (_, hour) => (
              <option key={hour} value={String(hour)}>
                {String(hour).padStart(2, "0")}:00
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="zone">Time zone</label>
          <select id="zone" value={me.time_zone} onChange={(event) => change({ time_zone: event.currentTarget.value })}>
            {(zones.includes(me.time_zone) ? zones : [me.time_zone, ...zones]).map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="locale">Date format in emails</label>
          <select id="locale" value={me.locale} onChange={(event) => change({ locale: event.currentTarget.value })}>
            {[...new Set([me.locale, ...navigator.languages, ...LOCALES])].map((locale) => (
              <option key={locale} value={locale}>
                {exampleDate(locale)}
              </option>
            ))}
          </select>
        </div>
        <Switch
          label="Email me each picture"
          hint={me.mail_off_reason ? MAIL_OFF[me.mail_off_reason] : `Sent to ${me.email}`}
          checked={me.mail_enabled}
          onChange={(mail_enabled) => change({ mail_enabled })}
        />
      </section>
      <TellMe />
      <section aria-labelledby="look">
        <h2 id="look">Style</h2>
        <Looks choices={choices} look={me} onChange={change} />
        <Choice
          legend="Theme"
          value={me.theme}
          onChange={(theme) => change({ theme })}
          options={choices.themes.map((each) => ({ ...each, name: each.name as Profile["theme"] }))}
        />
        <Choice
          legend="Format"
          value={me.format}
          onChange={(format) => change({ format })}
          options={choices.formats.map((each) => ({ ...each, name: each.name as Profile["format"] }))}
        />
      </section>
      <section aria-labelledby="face">
        <h2 id="face">Your face</h2>
        <div class="row">
          <button type="button" class="quiet" onClick={onNewSelfie}>
            Take a new photo
          </button>
          <button type="button" class="plain danger" disabled={withdraw.busy} onClick={() => void withdraw.run()}>
            Withdraw consent and delete my face data
          </button>
        </div>
        <Problem text={withdraw.error} />
      </section>
      <SecondFactor />
      <section aria-labelledby="account">
        <h2 id="account">Account</h2>
        <Everything />
        <NewEmail me={me} onChange={onChange} />
        <div class="row">
          <button type="button" class="quiet" disabled={leaving} onClick={() => void signOut.run()}>
            Sign out
          </button>
          <button type="button" class="quiet" disabled={leaving} onClick={() => void signOutEverywhere.run()}>
            Sign out of all devices
          </button>
          <button type="button" class="plain danger" onClick={() => setDeleting(true)}>
            Delete my account
          </button>
        </div>
        <Problem
          text={signOutEverywhere.error && `You are still signed in on all devices. ${signOutEverywhere.error}`}
        />
      </section>
      {deleting ? <DeleteAccount onClose={() => setDeleting(false)} /> : null}
    </main>
  );
}

function exampleDate(locale: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { dateStyle: "full" }).format(new Date());
  } catch {
    return locale;
  }
}

function NewEmail({ me, onChange }: { me: Profile; onChange: (me: Profile) => void }): JSX.Element {
  const [step, setStep] = useState<"closed" | "address" | "code">("closed");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [appCode, setAppCode] = useState("");
  // Asked anew each time: it may have been switched on or off on this very page.
  const factor = useLoaded(() => ask(api.GET("/v1/auth/mfa")), step);
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
        <p>You sign in with {me.email}.</p>
        <button type="button" class="quiet" onClick={() => setStep("address")}>
          Change email
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
          <EmailField label="New email" autoComplete="email" value={email} onInput={setEmail} />
          <Password value={password} onInput={setPassword} />
          {factor.data?.enabled ? (
            <MfaCode label="Six-digit code from your app" value={appCode} onInput={setAppCode} />
          ) : null}
        </>
      ) : (
        <MailedCode label={`Code sent to ${email}`} value={code} onInput={setCode} />
      )}
      <Problem text={submit.error} />
      <div class="row">
        <button type="submit" disabled={submit.busy}>
          {submit.busy ? "One moment…" : step === "address" ? "Send code" : "Change email"}
        </button>
        <button type="button" class="plain" onClick={() => setStep("closed")}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Everything(): JSX.Element {
  const fetchAll = useAction(async () => {
    const look = (): Promise<Schemas["Export"]> => ask(api.GET("/v1/me/export"));
    const made = await until(look, (found) => found.status === "ready", EXPORT_PATIENCE);
    if (!made.url) throw new ApiProblem(503, "This is taking longer than usual. Please try again in a few minutes.");
    location.assign(made.url);
  });
  return (
    <div class="row">
      <button type="button" class="quiet" disabled={fetchAll.busy} onClick={() => void fetchAll.run()}>
        {fetchAll.busy ? "Preparing your data…" : "Download all my data"}
      </button>
      <Problem text={fetchAll.error} />
    </div>
  );
}

function DeleteAccount({ onClose }: { onClose: () => void }): JSX.Element {
  const [typed, setTyped] = useState("");
  const remove = useAction(async () => {
    await ask(api.DELETE("/v1/me"));
    await tellNoMore().catch(() => undefined);
    session.end();
  });
  return (
    <Dialog title="Delete your account?" onClose={onClose}>
      <p>
        Your account is closed at once. Your photo, face data and all pictures are deleted within minutes. This cannot
        be undone.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === "delete") void remove.run();
        }}
      >
        <Field label="Type “delete” to confirm" autoComplete="off" maxLength={20} value={typed} onInput={setTyped} />
        <Problem text={remove.error} />
        <button type="submit" class="danger" disabled={typed !== "delete" || remove.busy}>
          {remove.busy ? "One moment…" : "Delete everything"}
        </button>
      </form>
    </Dialog>
  );
}
