import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { renewAt } from "../../agents/identity/key.ts";
import { roleOf } from "../../agents/identity/names.ts";
import { issuer } from "../authority/issue.ts";
import { type Channel, keepCredentials } from "../hosts/credentials.ts";
import { RoleRequest } from "../hosts/messages.ts";
import { makeTrust } from "../hosts/testing/trust.ts";
import { CertificateDesk } from "./certificates.ts";

/** A part as the launcher sees it, with the other end of its channel. */
function fakePart() {
  const toLauncher = new Set<(message: unknown) => void>();
  const toPart = new Set<(message: unknown) => void>();
  const state = { runs: true };
  const tell = (listeners: Set<(message: unknown) => void>, message: unknown): void => {
    for (const listener of [...listeners]) setImmediate(() => listener(message));
  };
  const channel: Channel = {
    send: (message) => tell(toLauncher, message),
    on: (_event, listener) => void toPart.add(listener),
    off: (_event, listener) => void toPart.delete(listener),
  };
  const part = {
    hear: (listener: (message: unknown) => void) => void toLauncher.add(listener),
    send: (message: object) => {
      if (state.runs) tell(toPart, message);
      return state.runs;
    },
  };
  return { part, channel, state };
}

async function until<T>(look: () => T | null | undefined | false): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it did not come about");
}

describe("a part's certificate", () => {
  it("says the role of the channel that it was asked for on, whatever the part says", async () => {
    const trust = await makeTrust("iabcdef");
    const issue = issuer(trust.authority, "iabcdef", () => new Date());
    const authority = fakePart();
    authority.channel.on("message", (message) => {
      const { id, role, request } = RoleRequest.parse(message);
      issue.part(request, role).then(
        (certificate) => authority.channel.send({ kind: "certificate.issued", id, installation: "iabcdef", certificate, ca: trust.ca }),
        (error: unknown) => authority.channel.send({ kind: "certificate.refused", id, reason: String(error) }),
      );
    });
    const [portal, gateway] = [fakePart(), fakePart()];
    const desk = new CertificateDesk(authority.part);
    desk.serve(portal.part, "portal");
    desk.serve(gateway.part, "gateway");

    const forging: Channel = {
      ...gateway.channel,
      send: (message) => gateway.channel.send({ ...Object(message), role: "reconciler", id: 7 }),
    };
    const clock = { now: Date.now() };
    const kept = { portal: keepCredentials(portal.channel), gateway: keepCredentials(forging, () => clock.now) };
    try {
      const shown = async (part: "portal" | "gateway") => until(() => kept[part].current());
      const role = async (part: "portal" | "gateway") => roleOf(new X509Certificate((await shown(part)).certificate), "iabcdef");
      assert.deepEqual([await role("portal"), await role("gateway")], ["portal", "gateway"]);
      const { certificate, key } = await shown("gateway");
      const lifetime = Date.parse(new X509Certificate(certificate).validTo) - Date.now();
      assert.ok(lifetime > 23.9 * 3_600_000 && lifetime <= 24 * 3_600_000, String(lifetime));
      assert.ok(renewAt(certificate) - Date.now() > 15 * 3_600_000);
      assert.ok(new X509Certificate(certificate).checkPrivateKey((await import("node:crypto")).createPrivateKey(key)));
    } finally {
      for (const one of Object.values(kept)) one.stop();
    }
  });

  it("is asked for again while the authority is away", async () => {
    const trust = await makeTrust("iabcdef");
    const issue = issuer(trust.authority, "iabcdef", () => new Date());
    const authority = fakePart();
    authority.state.runs = false;
    let asked = 0;
    authority.channel.on("message", (message) => {
      const { id, role, request } = RoleRequest.parse(message);
      asked += 1;
      // The first time something goes wrong there.
      if (asked === 1) authority.channel.send({ kind: "certificate.refused", id, reason: "disk full" });
      else
        issue.part(request, role).then(
          (certificate) => authority.channel.send({ kind: "certificate.issued", id, installation: "iabcdef", certificate, ca: trust.ca }),
          () => undefined,
        );
    });
    const portal = fakePart();
    const refusals: unknown[] = [];
    portal.channel.on("message", (message) => void refusals.push(Reflect.get(Object(message), "reason")));
    new CertificateDesk(authority.part).serve(portal.part, "portal");
    const kept = keepCredentials(portal.channel);
    try {
      await until(() => refusals.length > 0);
      assert.equal(kept.current(), null);
      authority.state.runs = true;
      await until(() => kept.current());
      assert.deepEqual([refusals[0], refusals.includes("disk full")], ["the authority does not run just now", true]);
    } finally {
      kept.stop();
    }
  });
});
