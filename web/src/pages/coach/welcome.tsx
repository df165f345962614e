import type { JSX } from "preact";

import { namespaces } from "../../coach/api";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { useLoaded } from "../../parts/use";

interface Props {
  namespace: string | null;
  onNamespace: (namespace: string | null) => void;
  onAsk: (question: string) => void;
}

/** What the coach is for, with questions to begin with. */
export function Welcome({ namespace, onNamespace, onAsk }: Props): JSX.Element {
  const readable = useLoaded(namespaces);
  const filled = readable.data?.filter(({ passages }) => passages > 0);
  const isEmpty = filled?.length === 0;
  return (
    <div class="welcome">
      <h2>{t.coach.welcome}</h2>
      <p class="lead">{isEmpty ? t.coach.welcomeEmpty : t.coach.welcomeLead}</p>
      <ul class="suggestions" aria-label={t.coach.suggested}>
        {(isEmpty ? t.coach.aboutMe : t.coach.aboutLibrary).map((question) => (
          <li key={question}>
            <button type="button" onClick={() => onAsk(question)}>
              <span>{question}</span>
              <Icon name="send" />
            </button>
          </li>
        ))}
      </ul>
      {filled && filled.length > 1 ? (
        <div class="field scope">
          <label for="scope">{t.coach.from}</label>
          <select
            id="scope"
            value={namespace ?? ""}
            onChange={(event) => onNamespace(event.currentTarget.value || null)}
          >
            <option value="">{t.coach.everything}</option>
            {filled.map((each) => (
              <option key={each.namespace} value={each.namespace}>
                {each.title}
              </option>
            ))}
          </select>
        </div>
      ) : null}
    </div>
  );
}
