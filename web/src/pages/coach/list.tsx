import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Conversation } from "../../coach/api";
import { shortDate, timeOf, weekday } from "../../language/dates";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { Problem } from "../../parts/parts";
import { Lines } from "../../parts/skeleton";
import { useAction } from "../../parts/use";

interface Props {
  /** On a small screen the list is a sheet over the page, which is open or not. */
  shown: boolean;
  conversations: Conversation[] | undefined;
  problem: string;
  current: string | null;
  onReload: () => void;
  onMore: (() => Promise<void>) | undefined;
  onNew: () => void;
  onClose: () => void;
}

/** The conversations so far, the newest first: beside the open one, or in a sheet where there is no room. */
export function ConversationList(props: Props): JSX.Element {
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (props.shown) sheet.current?.showModal();
    else sheet.current?.close();
  }, [props.shown]);
  return (
    <>
      <aside class="conversations" aria-label={t.coach.conversations}>
        <Conversations {...props} />
      </aside>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the sheet closes it, and so does Escape */}
      <dialog
        ref={sheet}
        class="sheet"
        aria-label={t.coach.conversations}
        onClose={props.onClose}
        onClick={(event) => event.target === sheet.current && props.onClose()}
      >
        {props.shown ? (
          <>
            <Conversations {...props} />
            <button type="button" class="plain" onClick={props.onClose}>
              {t.app.close}
            </button>
          </>
        ) : null}
      </dialog>
    </>
  );
}

function Conversations(props: Props): JSX.Element {
  const { conversations, current } = props;
  const more = useAction(async () => props.onMore?.());
  return (
    <>
      <button type="button" class="quiet new" onClick={props.onNew}>
        <Icon name="plus" /> {t.coach.new}
      </button>
      <Problem text={props.problem} again={props.onReload} />
      {conversations || props.problem ? null : <Lines />}
      {conversations?.length === 0 ? <p class="lead">{t.coach.none}</p> : null}
      <ul>
        {conversations?.map(({ conversation_id, title, updated_at }) => (
          <li key={conversation_id}>
            <a
              href={`#/coach/${conversation_id}`}
              aria-current={conversation_id === current ? "true" : undefined}
              onClick={props.onClose}
            >
              <span dir="auto">{title || t.coach.new}</span>
              <small>{day(new Date(updated_at))}</small>
            </a>
          </li>
        ))}
      </ul>
      <Problem text={more.error} />
      {props.onMore ? (
        <button type="button" class="plain" disabled={more.busy} onClick={() => void more.run()}>
          {more.busy ? t.app.oneMoment : t.coach.older}
        </button>
      ) : null}
    </>
  );
}

/** When that was, as a person would say it. */
function day(date: Date): string {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.ceil((midnight - date.getTime()) / 86_400_000);
  if (days <= 0) return timeOf(date);
  if (days === 1) return t.coach.yesterday;
  if (days < 7) return weekday(date);
  return shortDate(date);
}
