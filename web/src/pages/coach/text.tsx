import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { Citation } from "../../coach/api";
import { type Block, blocks, type Piece } from "../../coach/prose";
import { t } from "../../language/language";

interface Props {
  text: string;
  citations: readonly Citation[];
  onOpen: (citation: Citation) => void;
}

/** An answer's text, with a mark for each source; whatever stands in it, it is shown as text. */
export function AnswerText({ text, citations, onOpen }: Props): JSX.Element {
  const found = useMemo(() => blocks(text, new Set(citations.map(({ number }) => number))), [text, citations]);
  const piece = (each: Piece, index: number): JSX.Element | string => {
    if (each.kind === "text") return each.text;
    if (each.kind === "strong") return <strong key={index}>{each.text}</strong>;
    const citation = citations.find(({ number }) => number === each.number);
    return (
      <button
        key={index}
        type="button"
        class="mark"
        aria-label={t.answer.sourceOf(each.number, citation?.title ?? "")}
        onClick={() => citation && onOpen(citation)}
      >
        {each.number}
      </button>
    );
  };
  return <>{found.map((block, index) => shown(block, index, piece))}</>;
}

function shown(
  { kind, lines, start }: Block,
  key: number,
  piece: (each: Piece, index: number) => unknown,
): JSX.Element {
  const items = lines.map((line) => line.map(piece) as (JSX.Element | string)[]);
  if (kind === "paragraph") {
    return (
      <p key={key} dir="auto">
        {items[0]}
      </p>
    );
  }
  const listed = items.map((item, index) => (
    <li key={index} dir="auto">
      {item}
    </li>
  ));
  return kind === "bullets" ? (
    <ul key={key} dir="auto">
      {listed}
    </ul>
  ) : (
    <ol key={key} dir="auto" start={start}>
      {listed}
    </ol>
  );
}
