import { randomInt } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits that no other lab on this machine has. */
export function fresh(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}
