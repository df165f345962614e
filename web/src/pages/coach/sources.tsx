import type { JSX } from "preact";

import type { Citation } from "../../coach/api";
import { address, place } from "../../coach/turns";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { Dialog } from "../../parts/parts";

interface Props {
  citations: readonly Citation[];
  onOpen: (citation: Citation) => void;
}

/** What an answer rests on; each opens at its page, or shows its passage where the document has no address. */
export function Sources({ citations, onOpen }: Props): JSX.Element | null {
  if (!citations.length) return null;
  return (
    <div class="sources">
      <h2>{citations.length === 1 ? t.answer.source : t.answer.sources}</h2>
      <ol>
        {citations.map((each) => (
          <li key={each.number}>
            <Source citation={each} onOpen={() => onOpen(each)} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Source({ citation, onOpen }: { citation: Citation; onOpen: () => void }): JSX.Element {
  const link = address(citation);
  const where = place(citation);
  const inside = (
    <>
      <span class="number">{citation.number}</span>
      <span class="what">
        <b dir="auto">{citation.title}</b>
        {where ? <small dir="auto">{where}</small> : null}
      </span>
      <Icon name={link ? "out" : "page"} />
    </>
  );
  return link ? (
    <a class="source" href={link} target="_blank" rel="noopener noreferrer">
      {inside}
      <span class="hidden">{t.app.newTab}</span>
    </a>
  ) : (
    <button type="button" class="source" onClick={onOpen}>
      {inside}
    </button>
  );
}

/** The passage that a mark in the text stands for. */
export function Passage({ citation, onClose }: { citation: Citation; onClose: () => void }): JSX.Element {
  const link = address(citation);
  const where = place(citation);
  return (
    <Dialog title={citation.title} onClose={onClose}>
      {where ? (
        <p class="lead" dir="auto">
          {where}
        </p>
      ) : null}
      <blockquote dir="auto">{citation.quote}</blockquote>
      {link ? (
        <a class="button" href={link} target="_blank" rel="noopener noreferrer">
          {citation.page ? t.answer.openPage(citation.page) : t.answer.openDocument}
          <span class="hidden">{t.app.newTab}</span>
        </a>
      ) : null}
    </Dialog>
  );
}
