/** What labs tell whoever runs them. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** A table, its columns as wide as they have to be. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  for (const row of [head, ...rows])
    say(
      `    ${row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd()}`,
    );
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
