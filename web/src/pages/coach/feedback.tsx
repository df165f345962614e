import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../../language/language";
import { Dialog, Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";

interface Props {
  before: string;
  onSend: (reason: string | null) => Promise<void>;
  onClose: () => void;
}

/** Why an answer was no good, in one's own words or by a tap. */
export function WhatWasWrong({ before, onSend, onClose }: Props): JSX.Element {
  const [reason, setReason] = useState(before);
  const id = useId();
  const send = useAction(async () => {
    await onSend(reason.trim() || null);
    onClose();
  });
  return (
    <Dialog title={t.answer.whatWasWrong} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send.run();
        }}
      >
        <div class="row reasons">
          {t.answer.reasons.map((each) => (
            <button
              key={each}
              type="button"
              class="chip"
              aria-pressed={reason === each}
              onClick={() => setReason(reason === each ? "" : each)}
            >
              {each}
            </button>
          ))}
        </div>
        <div class="field">
          <label for={id}>{t.answer.ownWords}</label>
          <textarea
            id={id}
            rows={3}
            maxLength={500}
            dir="auto"
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </div>
        <Problem text={send.error} />
        <button type="submit" disabled={send.busy}>
          {send.busy ? t.app.oneMoment : t.coach.send}
        </button>
      </form>
    </Dialog>
  );
}
