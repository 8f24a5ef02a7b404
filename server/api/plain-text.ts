import { UserError } from "../errors.ts";

/** Whether every string in an input can be kept: PostgreSQL takes no NUL, and half a character is no text at all. */
export function isPlain(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, one]) => isPlain(key) && isPlain(one));
}

/** @throws UserError */
export function checkPlain(value: unknown): void {
  if (!isPlain(value))
    throw new UserError("bad_request", "The text holds a character that cannot be kept (NUL, or half of a character). Take it out.");
}
