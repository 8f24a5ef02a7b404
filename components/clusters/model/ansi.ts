/** One run of text with one look. Colours are names of a palette, never values out of the log: what a node writes is hostile. */
export interface Span {
  text: string;
  color: AnsiColor | null;
  bold: boolean;
  dim: boolean;
}
export type AnsiColor = "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "gray";

const palette: Record<number, AnsiColor | null> = {
  30: "gray",
  31: "red",
  32: "green",
  33: "yellow",
  34: "blue",
  35: "magenta",
  36: "cyan",
  37: null,
  90: "gray",
  91: "red",
  92: "green",
  93: "yellow",
  94: "blue",
  95: "magenta",
  96: "cyan",
  97: null,
};

// Escape sequences: CSI … final byte, OSC … BEL or ST, and two-character ones. Only CSI m changes the look; the rest vanishes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const sequence = /\x1b(?:\[([0-9;:?]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]?)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const controls = /[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A line of a log as spans. Everything that is not text or a known colour is dropped, also what would turn the text's direction. */
export function parseAnsi(line: string): Span[] {
  const spans: Span[] = [];
  let look: Omit<Span, "text"> = { color: null, bold: false, dim: false };
  let at = 0;
  const push = (raw: string): void => {
    const text = raw.replace(controls, "");
    if (text === "") return;
    const last = spans[spans.length - 1];
    if (last && last.color === look.color && last.bold === look.bold && last.dim === look.dim) last.text += text;
    else spans.push({ text, ...look });
  };
  for (const match of line.matchAll(sequence)) {
    push(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === "m") look = apply(look, match[1] ?? "");
  }
  push(line.slice(at));
  return spans;
}

/** The text alone: what the filter looks at and the download of a selection holds. */
export function plain(line: string): string {
  return line.replace(sequence, "").replace(controls, "");
}

function apply(look: Omit<Span, "text">, parameters: string): Omit<Span, "text"> {
  const codes = parameters === "" ? [0] : parameters.split(/[;:]/).map(Number);
  let next = { ...look };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4;
    else if (code === 0) next = { color: null, bold: false, dim: false };
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 39) next.color = null;
    else if (code in palette) next.color = palette[code] ?? null;
  }
  return next;
}
