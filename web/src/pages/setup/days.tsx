import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Profile } from "../../api/client";
import { t } from "../../language/language";
import { Title } from "../../parts/parts";
import type { Pictures } from "../../pictures/use-pictures";
import { DeliveryHour, WorkoutDays } from "../schedule";
import { Preview } from "./preview";

interface DaysStepProps {
  me: Profile;
  pictures: Pictures;
  problem: string;
  busy: boolean;
  onBack: () => void;
  onNext: (chosen: Pick<Profile, "workout_days" | "delivery_hour">) => void;
}

/** When pictures come. */
export function DaysStep({ me, pictures, problem, busy, onBack, onNext }: DaysStepProps): JSX.Element {
  const [days, setDays] = useState(me.workout_days);
  const [hour, setHour] = useState(me.delivery_hour);
  return (
    <div class="step">
      <Preview pictures={pictures} problem={problem} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onNext({ workout_days: days, delivery_hour: hour });
        }}
      >
        <Title>{t.setup.daysTitle}</Title>
        <p class="lead">{t.setup.daysLead}</p>
        <WorkoutDays value={days} onChange={setDays} />
        <DeliveryHour value={hour} onChange={setHour} />
        <p class="status">{t.setup.zone(me.time_zone.replaceAll("_", " "))}</p>
        <div class="row ways">
          <button type="submit" disabled={busy}>
            {busy ? t.app.oneMoment : t.setup.toLook}
          </button>
          <button type="button" class="plain" onClick={onBack}>
            {t.setup.backToPhoto}
          </button>
        </div>
      </form>
    </div>
  );
}
