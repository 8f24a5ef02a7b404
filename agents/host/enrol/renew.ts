/** Renews the host's certificate when two thirds of its life are over, for the same key, as often as needed while the agent runs. */
import { z } from "zod";
import { keepCertificate } from "../../identity/renewal.ts";
import type { Log } from "../log.ts";
import { askAuthority } from "./authority.ts";
import { type Identity, identityOf } from "./identity.ts";

const Renewed = z.object({ certificate: z.string() });

const shortestMs = 60_000;
/** Ten days are left for it when the first try fails, so an hour between tries is often enough. */
const longestMs = 3_600_000;

export interface RenewParts {
  readonly url: string;
  readonly identity: Identity;
  readonly log: Log;
  readonly now: () => number;
  /** The shortest time between two tries, in milliseconds. */
  readonly firstMs?: number;
  /** Keeps it and shows it from now on. */
  readonly onRenewed: (identity: Identity) => Promise<void>;
}

/** One renewal. @throws RefusedError when the host was removed or revoked */
export async function renewOnce(url: string, identity: Identity): Promise<Identity> {
  const { makeRequest } = await import("../../identity/request.ts");
  const { installation, key, ca } = identity;
  const authority = { url, installation, key, ca, certificate: identity.certificate };
  const { certificate } = await askAuthority(authority, "/renew", { request: await makeRequest(key) }, Renewed);
  const renewed = identityOf({ key: identity.key, ca: identity.ca, certificate });
  if (renewed.host !== identity.host || renewed.installation !== identity.installation)
    throw new Error("The renewed certificate is another host's.");
  return renewed;
}

/** @returns a function that ends it */
export function keepRenewed({ url, identity: first, log, now, onRenewed, firstMs = shortestMs }: RenewParts): () => void {
  let identity = first;
  return keepCertificate({
    certificate: () => identity.certificate,
    async renew() {
      const renewed = await renewOnce(url, identity);
      await onRenewed(renewed);
      identity = renewed;
      log.info({ op: "certificate.renew", outcome: "ok" }, "certificate.renew");
    },
    now,
    settleMs: firstMs,
    backoff: (failures) => Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10)),
    onError: (reason) => log.warn({ op: "certificate.renew", outcome: "error", reason }, "certificate.renew"),
  });
}
