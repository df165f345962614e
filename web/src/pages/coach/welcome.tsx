import type { JSX } from "preact";

import { namespaces } from "../../coach/api";
import { useLoaded } from "../../parts/use";
import { Icon } from "./icons";

/** What the sample library answers, and most libraries on training do. */
const ABOUT_THE_LIBRARY = [
  "How fast should I run as a beginner?",
  "How much sleep do I need?",
  "How long should I rest between sets?",
  "What are the signs that I train too much?",
];
const ABOUT_ME = ["When does my next picture arrive?", "On which days do I train?"];

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
      <h2>What would you like to know?</h2>
      <p class="lead">
        {isEmpty
          ? "The library has no documents yet, so the coach knows only your own schedule and pictures."
          : "Ask about training, recovery or your own schedule. Answers name their sources."}
      </p>
      <ul class="suggestions" aria-label="Suggested questions">
        {(isEmpty ? ABOUT_ME : ABOUT_THE_LIBRARY).map((question) => (
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
          <label for="scope">Answers from</label>
          <select
            id="scope"
            value={namespace ?? ""}
            onChange={(event) => onNamespace(event.currentTarget.value || null)}
          >
            <option value="">Everything that I can read</option>
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
