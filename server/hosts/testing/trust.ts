import { X509Certificate } from "node:crypto";
import { type Identity, identityOf } from "../../../agents/host/enrol/identity.ts";
import { keyPin, makeKey } from "../../../agents/identity/key.ts";
import { hostUri, type PartRole, roleUri } from "../../../agents/identity/names.ts";
import { makeRequest } from "../../../agents/identity/request.ts";
import { makeCa, openCa } from "../../authority/ca.ts";
import { type CredentialSource, type HostTarget, makeTransport, type Transport } from "../transport.ts";

const hour = 3_600_000;

/** A platform's authority in the test's memory, and what it would give to hosts and parts. */
export async function makeTrust(installation: string) {
  const caKey = makeKey();
  const ca = await openCa(caKey, await makeCa(caKey, installation, new Date()));
  const trust = {
    installation,
    ca: ca.certificate,
    authority: ca,
    /** @param lifetimeMs negative: one that has ended */
    async host(host: string, { lifetimeMs = hour, key = makeKey() }: { lifetimeMs?: number; key?: string } = {}): Promise<Identity> {
      const wanted = { uri: hostUri(installation, host), use: "both", lifetimeMs } as const;
      return identityOf({ key, ca: ca.certificate, certificate: await ca.issue(await makeRequest(key), wanted, new Date()) });
    },
    async part(role: PartRole, lifetimeMs = hour): Promise<CredentialSource> {
      const key = makeKey();
      const wanted = { uri: roleUri(installation, role), use: "client", lifetimeMs } as const;
      const certificate = await ca.issue(await makeRequest(key), wanted, new Date());
      const own = { installation, key, certificate, ca: ca.certificate };
      return { current: () => own };
    },
    /** A part's way to hosts. @param shown the role in its certificate, where it is another than the one that it plays */
    async transport(role: PartRole, shown: PartRole = role): Promise<Transport> {
      return makeTransport(role, await trust.part(shown));
    },
  };
  return trust;
}
export type Trust = Awaited<ReturnType<typeof makeTrust>>;

/** A host's row for an agent that listens on this machine. */
export function targetOf(identity: Identity, port: number): HostTarget {
  return {
    id: identity.host,
    endpoint: `https://127.0.0.1:${port}`,
    certificate: keyPin(new X509Certificate(identity.certificate), "hex"),
  };
}
