/** An answer's text in parts that can be shown; it stays text, whatever stands in it. */

export type Piece =
  | { kind: "text"; text: string }
  | { kind: "strong"; text: string }
  | { kind: "mark"; number: number };

export interface Block {
  kind: "paragraph" | "bullets" | "numbers";
  /** A paragraph has one; a list one for each of its items. */
  lines: Piece[][];
  /** What a numbered list begins with. */
  start?: number;
}

const BULLET = /^\s{0,3}[-*•]\s+/;
const NUMBER = /^\s{0,3}(\d{1,3})[.)]\s+/;
const HEADING = /^#{1,6}\s+(.+?)\s*#*$/;
const PIECES = /\[(\d{1,3})\]|\*\*([^*\n]+)\*\*/g;

/** Paragraphs and lists. `numbers` are those of the citations: other numbers in brackets stay text. */
export function blocks(text: string, numbers: ReadonlySet<number>): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;
  const add = (kind: Block["kind"], line: string, start?: number): void => {
    if (open?.kind !== kind || kind === "paragraph") {
      open = { kind, lines: [], ...(start === undefined ? {} : { start }) };
      found.push(open);
    }
    open.lines.push(pieces(line, numbers));
  };
  for (const paragraph of text.split(/\n[^\S\n]*\n/)) {
    let plain: string[] = [];
    const flush = (): void => {
      if (plain.length) add("paragraph", plain.join("\n"));
      plain = [];
    };
    for (const line of paragraph.split("\n")) {
      const number = NUMBER.exec(line);
      const heading = HEADING.exec(line);
      if (BULLET.test(line) || number || heading) flush();
      if (BULLET.test(line)) add("bullets", line.replace(BULLET, ""));
      else if (number) add("numbers", line.replace(NUMBER, ""), Number(number[1]));
      else if (heading) add("paragraph", `**${heading[1]?.replaceAll("**", "")}**`);
      else if (line.trim()) plain.push(line);
    }
    flush();
  }
  return found;
}

/** The text without marks, to be read aloud or copied. */
export function spoken(text: string): string {
  return text.replaceAll(/ ?\[\d{1,3}\]/g, "").replaceAll(/\*\*([^*\n]+)\*\*/g, "$1");
}

function pieces(text: string, numbers: ReadonlySet<number>): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(PIECES)) {
    const [whole, number, strong] = match;
    if (number && !numbers.has(Number(number))) continue;
    // A mark does not stand alone at the beginning of a line.
    const plain = text.slice(from, match.index);
    const before = number ? plain.replace(/ $/, "\u00a0") : plain;
    if (match.index > from) found.push({ kind: "text", text: before });
    found.push(number ? { kind: "mark", number: Number(number) } : { kind: "strong", text: strong ?? "" });
    from = match.index + whole.length;
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}
