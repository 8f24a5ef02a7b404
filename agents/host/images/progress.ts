/** Pure: what a build does now, and what mattered when it failed, from the lines that the engine prints. */

const words: readonly (readonly [RegExp, string])[] = [
  [/^FROM/i, "preparing the base"],
  [/^COPY|^ADD/i, "copying files"],
  [/apt-get|packages\.sh/i, "installing system packages"],
  [/pip|venv|requirements/i, "installing Python packages"],
  [/archive|Xshare|ArchiveClasses/i, "preparing faster starts"],
  [/npm/i, "installing web packages"],
  [/^RUN/i, "running a command"],
];

/** "step 4 of 11: installing system packages", or null for a line that begins no step. */
export function progressOf(line: string): string | null {
  const step = /^Step (\d+)\/(\d+) : (.*)$/.exec(line);
  if (!step) return /^(pulling|bootstrapping)/.test(line) ? line.slice(0, 200) : null;
  const [, at, of, what = ""] = step;
  return `step ${at} of ${of}: ${words.find(([pattern]) => pattern.test(what))?.[1] ?? "settings"}`;
}

/** The last line that says what went wrong: not the engine's own summary, not a blank one. */
export function meaningful(lines: readonly string[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: builds colour their output
  const clean = lines.map((line) => line.replace(/\u001b\[[0-9;]*m/g, "").trim()).filter((line) => line !== "");
  const telling = clean.findLast(
    (line) => /error|fail|cannot|could not|not found|denied|no such/i.test(line) && !/returned a non-zero code/i.test(line),
  );
  const text = (telling ?? clean.at(-1) ?? "no output").slice(0, 300);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
