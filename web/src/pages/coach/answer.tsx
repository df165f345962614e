import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Citation, Message, Rating, ToolCall } from "../../coach/api";
import { spoken } from "../../coach/prose";
import { activity } from "../../coach/turns";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { Confirmation } from "./confirmation";
import { WhatWasWrong } from "./feedback";
import { Passage, Sources } from "./sources";
import { AnswerText } from "./text";

interface Props {
  message: Message;
  tools: ToolCall[];
  /** The newest one: what can still be decided or asked again. */
  last: boolean;
  onRetry: () => Promise<void>;
  onDecide: (accepted: boolean) => Promise<void>;
  onRate: (rating: Rating, reason: string | null) => Promise<void>;
}

/** An answer: what was done for it, its text, its sources, and what can be done with it. */
export function Answer({ message, tools, last, onRetry, onDecide, onRate }: Props): JSX.Element {
  const [open, setOpen] = useState<Citation | null>(null);
  const retry = useAction(onRetry);
  const writing = message.status === "streaming";
  const over = message.status === "failed" || message.status === "stopped";
  return (
    <article class="answer" aria-label={t.answer.label} aria-busy={writing}>
      {tools.map((tool, index) => (
        <p key={index} class={`activity ${tool.status}`} dir="auto">
          <Icon name={tool.name === "search_library" ? "search" : "check"} />
          <span>{activity(tool)}</span>
          {tool.name === "request_picture" && tool.status === "done" ? <a href="#/today">{t.answer.seeToday}</a> : null}
        </p>
      ))}
      <div class={writing ? "words writing" : "words"}>
        <AnswerText text={message.text} citations={message.citations} onOpen={setOpen} />
        {writing && !message.text ? <Thinking /> : null}
      </div>
      <Sources citations={message.citations} onOpen={setOpen} />
      {message.confirmation ? (
        <Confirmation confirmation={message.confirmation} open={last && !writing} onDecide={onDecide} />
      ) : null}
      {over ? (
        <div class={message.status === "failed" ? "ended failed" : "ended"}>
          <span>{message.status === "stopped" ? t.answer.stopped : (message.message ?? t.answer.unfinished)}</span>
          {last ? (
            <button type="button" class="quiet small" disabled={retry.busy} onClick={() => void retry.run()}>
              {retry.busy ? t.app.oneMoment : t.app.tryAgain}
            </button>
          ) : null}
        </div>
      ) : null}
      <Problem text={retry.error} />
      {message.status === "ready" && message.text ? <Actions message={message} onRate={onRate} /> : null}
      {open ? <Passage citation={open} onClose={() => setOpen(null)} /> : null}
    </article>
  );
}

/** Three dots while the first word is waited for. */
export function Thinking(): JSX.Element {
  return (
    <span class="thinking" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}

function Actions({ message, onRate }: Pick<Props, "message" | "onRate">): JSX.Element {
  const [copied, setCopied] = useState(false);
  const [asking, setAsking] = useState(false);
  const rated = message.feedback?.rating;
  const praise = useAction(() => onRate("up", null));
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(spoken(message.text));
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  });
  return (
    <>
      <div class="actions">
        <button
          type="button"
          class="tool"
          aria-label={copied ? t.answer.copied : t.answer.copy}
          onClick={() => void copy.run()}
        >
          <Icon name={copied ? "check" : "copy"} />
        </button>
        <button
          type="button"
          class="tool"
          aria-label={t.answer.good}
          aria-pressed={rated === "up"}
          onClick={() => void praise.run()}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="tool"
          aria-label={t.answer.bad}
          aria-pressed={rated === "down"}
          onClick={() => setAsking(true)}
        >
          <Icon name="down" />
        </button>
        {rated ? <small role="status">{t.answer.thanks}</small> : null}
      </div>
      <Problem text={praise.error} />
      {asking ? (
        <WhatWasWrong
          before={message.feedback?.rating === "down" ? (message.feedback.reason ?? "") : ""}
          onSend={(reason) => onRate("down", reason)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
