/** Those rows whose text has every word. */
export function narrowed<T>(rows: readonly T[], words: string, textOf: (row: T) => string): readonly T[] {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return asked.every((word) => text.includes(word));
  });
}
