import assert from "node:assert/strict";
import { test } from "node:test";
import { makeKey } from "../../agents/identity/key.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { issuer } from "../authority/issue.ts";
import { keepCredentials } from "./credentials.ts";
import { CertificateRequest } from "./messages.ts";
import { makeTrust } from "./testing/trust.ts";

test("an answer to a request that was given up is not taken for the answer to the next one", async () => {
  const { authority, ca } = await makeTrust("iabcdef");
  const issue = issuer(authority, "iabcdef", () => new Date());
  const late = await issue.part(await makeRequest(makeKey()), "portal");
  const listeners = new Set<(message: unknown) => void>();
  const answer = (certificate: string): void => {
    for (const listener of [...listeners]) listener({ kind: "certificate.issued", id: 1, installation: "iabcdef", certificate, ca });
  };
  const { promise: asked, resolve } = Promise.withResolvers<string>();
  const kept = keepCredentials({
    send: (message) => resolve(CertificateRequest.parse(message).request),
    on: (_event, listener) => void listeners.add(listener),
    off: (_event, listener) => void listeners.delete(listener),
  });
  try {
    const request = await asked;
    answer(late);
    answer("no certificate at all");
    const own = await issue.part(request, "portal");
    answer(own);
    for (let turns = 0; kept.current() === null && turns < 100; turns += 1) await new Promise((turn) => setImmediate(turn));
    assert.equal(kept.current()?.certificate, own);
  } finally {
    kept.stop();
  }
});
