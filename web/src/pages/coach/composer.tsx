import type { JSX, RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";

export const LONGEST_QUESTION = 8_000;

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  value: string;
  onInput: (value: string) => void;
  onSend: () => void;
  /** Where an answer is being written, it can be stopped. */
  onStop?: () => void;
  stopping: boolean;
  sending: boolean;
}

/** Where a question is written: Enter sends it, Shift and Enter begin another line. */
export function Composer({ field, value, onInput, onSend, onStop, stopping, sending }: Props): JSX.Element {
  const left = LONGEST_QUESTION - value.length;
  const ready = value.trim() !== "" && !sending && !onStop;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows from the text
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [value]);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend();
      }}
    >
      <label class="hidden" for="question">
        {t.coach.question}
      </label>
      <textarea
        ref={field}
        id="question"
        rows={1}
        dir="auto"
        placeholder={t.coach.ask}
        enterkeyhint="send"
        autocomplete="off"
        maxLength={LONGEST_QUESTION}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter that ends the composing of a character sends nothing.
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          if (ready) onSend();
        }}
      />
      {onStop ? (
        <button type="button" class="round" aria-label={t.coach.stop} disabled={stopping} onClick={onStop}>
          <Icon name="stop" />
        </button>
      ) : (
        <button type="submit" class="round" aria-label={t.coach.send} disabled={!ready}>
          <Icon name="send" />
        </button>
      )}
      {left < 500 ? <small class="left">{t.coach.left(left)}</small> : null}
    </form>
  );
}
