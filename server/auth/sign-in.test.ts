import assert from "node:assert/strict";
import { it } from "node:test";
import type { Db } from "../db.ts";
import { UserError } from "../errors.ts";
import type { Directory } from "./directory/directory.ts";
import { createRateLimit } from "./rate-limit.ts";
import { type SignInDeps, signIn, waitWords } from "./sign-in.ts";

/** Knows nobody and forgets the audit row: all that a refused sign-in asks of the database. */
const rows = { user: { findUnique: async () => null }, audit: { create: async () => ({}) } };
function deps(authenticate: Directory["authenticate"]): SignInDeps {
  const db = new Proxy({} as Db, { get: (_, name) => Reflect.get(rows, name) });
  return {
    db,
    directory: { authenticate },
    limit: createRateLimit({ now: () => 0 }),
    newId: (prefix) => `${prefix}1`,
    now: () => new Date(0),
  };
}
const guess = (made: SignInDeps) => signIn(made, { username: "ann", password: "guess", ip: "192.0.2.1", userAgent: null });
const code = (result: PromiseSettledResult<unknown>) =>
  result.status === "rejected" && result.reason instanceof UserError ? result.reason.code : result.status;

it("guesses sent all at once are counted like guesses one after the other", async () => {
  let asked = 0;
  const made = deps(async () => {
    asked += 1;
    return null;
  });
  const results = await Promise.allSettled(Array.from({ length: 200 }, () => guess(made)));
  assert.equal(asked, 5);
  assert.equal(results.filter((one) => code(one) === "too_many_attempts").length, 195);
});

it("a directory that is away makes nobody wait", async () => {
  const made = deps(async () => {
    throw new UserError("unavailable", "The directory does not answer.");
  });
  for (let i = 0; i < 20; i += 1) assert.deepEqual((await Promise.allSettled([guess(made)])).map(code), ["unavailable"]);
});

it("says how long to wait in seconds, and where these are many in whole minutes that are enough", () => {
  assert.deepEqual([1, 2, 119, 120, 121, 900].map(waitWords), [
    "1 second",
    "2 seconds",
    "119 seconds",
    "2 minutes",
    "3 minutes",
    "15 minutes",
  ]);
});
