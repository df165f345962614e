import type { JSX } from "preact";

import "./settings.css";
import { api, ask, type Profile, type Schemas } from "../../api/client";
import { t } from "../../language/language";
import { Choice, Problem, Status, Switch, Title } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { Looks } from "../looks";
import { DeliveryHour, WorkoutDays } from "../schedule";
import { SecondFactor } from "../second-factor";
import { TellMe } from "../tell-me";
import { Account } from "./account";
import { InLanguage } from "./in-language";
import { Install } from "./install";
import { OwnLines } from "./own-lines";
import { useChanges } from "./use-changes";

interface SettingsProps {
  me: Profile;
  choices: Schemas["Choices"];
  onChange: (me: Profile) => void;
  /** What the API says is wanted in the new language. */
  onLanguage: () => void;
  onNewSelfie: () => void;
}

/** Preferences, each kept as soon as it is changed; the account; and the way out. */
export function Settings({ me, choices, onChange, onLanguage, onNewSelfie }: SettingsProps): JSX.Element {
  const { change, settled, saved, setSaved, problem } = useChanges(me, onChange);
  const withdraw = useAction(async () => {
    setSaved("");
    await settled();
    await ask(api.DELETE("/v1/me/consent"));
    onChange(await ask(api.GET("/v1/me")));
    setSaved(t.app.saved);
  });
  const mailOff = me.mail_off_reason ? t.settings[me.mail_off_reason] : t.settings.sentTo(me.email);
  return (
    <main class="settings">
      <Title>{t.settings.title}</Title>
      <div class="said">
        <Problem text={problem} />
        <Status>{saved}</Status>
      </div>
      <div class="columns">
        <div>
          <section aria-labelledby="when">
            <h2 id="when">{t.settings.schedule}</h2>
            <WorkoutDays value={me.workout_days} onChange={(workout_days) => change({ workout_days })} />
            <DeliveryHour value={me.delivery_hour} onChange={(delivery_hour) => change({ delivery_hour })} />
            <TimeZone value={me.time_zone} onChange={(time_zone) => change({ time_zone })} />
          </section>
          <section aria-labelledby="look">
            <h2 id="look">{t.settings.style}</h2>
            <Looks choices={choices} look={me} onChange={change} />
            <Choice
              legend={t.settings.theme}
              value={me.theme}
              onChange={(theme) => change({ theme })}
              options={choices.themes.map((each) => ({ ...each, name: each.name as Profile["theme"] }))}
            />
            <Choice
              legend={t.settings.format}
              value={me.format}
              onChange={(format) => change({ format })}
              options={choices.formats.map((each) => ({ ...each, name: each.name as Profile["format"] }))}
            />
          </section>
          <OwnLines value={me.own_lines} onChange={(own_lines) => change({ own_lines })} />
        </div>
        <div>
          <section aria-labelledby="language-and-mail">
            <h2 id="language-and-mail">{t.settings.languageAndMail}</h2>
            <InLanguage
              value={me.locale}
              onChange={(locale) => {
                change({ locale });
                void settled().then(onLanguage);
              }}
            />
            <Switch
              label={t.settings.mail}
              hint={mailOff}
              checked={me.mail_enabled}
              onChange={(mail_enabled) => change({ mail_enabled })}
            />
          </section>
          <TellMe />
          <Install />
          <section aria-labelledby="face">
            <h2 id="face">{t.settings.face}</h2>
            <div class="row">
              <button type="button" class="quiet" onClick={onNewSelfie}>
                {t.settings.newPhoto}
              </button>
              <button type="button" class="plain danger" disabled={withdraw.busy} onClick={() => void withdraw.run()}>
                {t.settings.withdraw}
              </button>
            </div>
            <Problem text={withdraw.error} />
          </section>
          <SecondFactor />
          <Account me={me} onChange={onChange} />
        </div>
      </div>
    </main>
  );
}

function TimeZone({ value, onChange }: { value: string; onChange: (zone: string) => void }): JSX.Element {
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <div class="field">
      <label for="zone">{t.settings.zone}</label>
      <select id="zone" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {(zones.includes(value) ? zones : [value, ...zones]).map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll("_", " ")}
          </option>
        ))}
      </select>
    </div>
  );
}
