import { ago } from "../server/planner/words.ts";

export { count, gb } from "../server/planner/words.ts";

/** Results go to standard output, progress and errors to standard error, so that pipes carry results only. */
export function print(text: string): void {
  process.stdout.write(`${sentences(text)}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${sentences(text)}\n`);
}

// What other people named (applications, notebooks, groups, log lines) must not move this terminal's cursor or change its title.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "?");
}

/** Lines of words, whoever had a part in them: a reason that a node gave, the name of a group, a server's answer. */
export function sentences(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, "?");
}

/**
 * A log as this terminal may see it: lines, tabs and colours. Whoever runs a program on a node writes its log, and would otherwise write to
 * the terminal of the person who reads it: its title, its clipboard, lines that were never said. Files and pipes get every byte.
 */
export function logText(text: string, toTerminal: boolean): string {
  if (!toTerminal) return text;
  const lines = text.replace(/\r\n?/g, "\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what is looked for
  return lines.replace(/(\u001b\[[0-9;]*m)|[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, (_, colour?: string) => colour ?? "?");
}

/** Columns as wide as their widest cell. Nothing is cut off: a pipe or a narrow window can wrap. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Lines of "name  value". */
export function facts(rows: readonly (readonly [string, string | null])[]): string {
  const shown = rows.filter((row): row is [string, string] => row[1] !== null);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join("\n");
}

/** "40 s", "3 min", "2 h", "5 days". */
export function age(iso: string, now = Date.now()): string {
  return ago(now - Date.parse(iso));
}

/** The state's word with its reason. */
export function stateWords(state: { phase: string; reason: string | null }): string {
  return state.reason ? `${state.phase} (${state.reason})` : state.phase;
}
