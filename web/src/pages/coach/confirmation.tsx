import type { JSX } from "preact";
import { useId } from "preact/hooks";

import type { Message } from "../../coach/api";
import { isOwn } from "../../coach/turns";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";

interface Props {
  confirmation: NonNullable<Message["confirmation"]>;
  /** Whether it can be decided. */
  open: boolean;
  onDecide: (accepted: boolean) => Promise<void>;
}

/** What the coach wants to change, exactly; nothing happens before the person says yes. */
export function Confirmation({ confirmation, open, onDecide }: Props): JSX.Element {
  const id = useId();
  const decide = useAction(onDecide);
  const { status, summary, tool } = confirmation;
  if (status !== "waiting") {
    return (
      <p class="activity" dir="auto">
        {status === "accepted" ? <Icon name="check" /> : null}
        <span>{status === "accepted" ? t.answer.saidYes(summary) : t.answer.saidNo(summary)}</span>
      </p>
    );
  }
  return (
    <div class="confirmation" role="alertdialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-what`}>
      <h2 id={`${id}-title`}>{t.answer.shallI}</h2>
      <p id={`${id}-what`} dir="auto">
        {summary}
      </p>
      {isOwn(tool) ? null : <Given tool={tool} given={confirmation.arguments} />}
      <Problem text={decide.error} />
      {open ? (
        <div class="row">
          <button type="button" disabled={decide.busy} onClick={() => void decide.run(true)}>
            {t.answer.yes}
          </button>
          <button type="button" class="quiet" disabled={decide.busy} onClick={() => void decide.run(false)}>
            {t.answer.no}
          </button>
        </div>
      ) : (
        <small>{t.answer.undecided}</small>
      )}
    </div>
  );
}

/** Everything that a tool of somebody else's server would be given. */
function Given({ tool, given }: { tool: string; given: Record<string, unknown> }): JSX.Element {
  return (
    <dl class="given">
      <dt>{t.answer.tool}</dt>
      <dd dir="auto">{tool}</dd>
      {Object.entries(given).map(([name, value]) => (
        <>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </>
      ))}
    </dl>
  );
}
