import { X509Certificate } from "node:crypto";
import { keyPin } from "../../agents/identity/key.ts";
import { authorityUri, hostUri, type PartRole, roleUri } from "../../agents/identity/names.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import type { Issued } from "../services/hosts/enrol-use.ts";
import { type Ca, expiryOf } from "./ca.ts";

const hour = 3_600_000;
/** A host may be switched off for ten days and still renew; a part is renewed by the launcher's side and needs no more than a day. */
export const lifetimes = { host: 30 * 24 * hour, part: 24 * hour, server: 30 * 24 * hour } as const;

/** What this authority signs, and for how long. */
export function issuer(ca: Ca, installation: string, now: () => Date) {
  return {
    async host(request: string, host: string): Promise<Issued> {
      const certificate = await ca.issue(request, { uri: hostUri(installation, host), use: "both", lifetimeMs: lifetimes.host }, now());
      return { certificate, pin: keyPin(new X509Certificate(certificate), "hex"), expiresAt: expiryOf(certificate) };
    },
    part(request: string, role: PartRole): Promise<string> {
      return ca.issue(request, { uri: roleUri(installation, role), use: "client", lifetimeMs: lifetimes.part }, now());
    },
    /** For the addresses that people type: browsers that trust this authority take it. */
    web(request: string, names: readonly string[]): Promise<string> {
      return ca.issue(request, { uri: names, use: "server", lifetimeMs: lifetimes.server }, now());
    },
    /** For the enrolment server itself. */
    async server(key: string): Promise<string> {
      const request = await makeRequest(key);
      return ca.issue(request, { uri: authorityUri(installation), use: "server", lifetimeMs: lifetimes.server }, now());
    },
  };
}
