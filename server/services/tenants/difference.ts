/** What an audit row says of a change: each field that differs with its value before and after. Null: nothing does. */
export function difference(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): { what: string; before: Record<string, string>; after: Record<string, string> } | null {
  const say = (value: unknown): string => {
    if (value === null || value === undefined || value === "") return "none";
    if (typeof value === "boolean") return value ? "yes" : "no";
    return Array.isArray(value) ? value.join(", ") || "none" : String(value);
  };
  const changed = Object.keys(after).filter((key) => say(before[key]) !== say(after[key]));
  if (changed.length === 0) return null;
  const of = (row: Readonly<Record<string, unknown>>) => Object.fromEntries(changed.map((key) => [key, say(row[key])]));
  return {
    what: changed.map((key) => `${key}: ${say(before[key])} → ${say(after[key])}`).join("; "),
    before: of(before),
    after: of(after),
  };
}
