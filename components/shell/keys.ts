/** What a key press means, given the one before it. */
export type Command = "search" | "create" | "clusters" | "home" | "help" | "next" | "previous";

const single: Record<string, Command> = { "/": "search", c: "create", "?": "help", j: "next", k: "previous" };
const afterG: Record<string, Command> = { c: "clusters", h: "home" };

/** A sequence is typed within this time, ms. */
const patience = 1000;

/** Reads presses by the letter that they produce, so that every keyboard layout works. */
export function createReader() {
  let gAt = Number.NEGATIVE_INFINITY;
  return (key: string, at: number): Command | null => {
    const second = at - gAt <= patience;
    gAt = Number.NEGATIVE_INFINITY;
    if (second && Object.hasOwn(afterG, key)) return afterG[key] ?? null;
    if (key === "g") {
      gAt = at;
      return null;
    }
    return Object.hasOwn(single, key) ? (single[key] ?? null) : null;
  };
}
