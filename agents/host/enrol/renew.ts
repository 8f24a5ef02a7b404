/** Renews the host's certificate when two thirds of its life are over, for the same key, as often as needed while the agent runs. */
import { z } from "zod";
import { renewAt } from "../../identity/key.ts";
import type { Log } from "../log.ts";
import { askAuthority } from "./authority.ts";
import { type Identity, identityOf } from "./identity.ts";

const Renewed = z.object({ certificate: z.string() });

/** No timer is longer: a machine that slept notices soon, and Node's own timers end at 24 days. */
const lookMs = 3_600_000;
const shortestMs = 60_000;

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
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const again = (ms: number): void => {
    if (stopped) return;
    timer = setTimeout(look, ms);
    timer.unref();
  };
  function look(): void {
    const due = renewAt(identity.certificate) - now();
    if (due > 0) {
      again(Math.min(due, lookMs));
      return;
    }
    renewOnce(url, identity)
      .then(async (renewed) => {
        await onRenewed(renewed);
        identity = renewed;
        failures = 0;
        log.info({ op: "certificate.renew", outcome: "ok" }, "certificate.renew");
        // Never at once: with a clock that is weeks ahead every certificate looks old.
        again(firstMs);
      })
      .catch((error: unknown) => {
        // Ten days are left for it, so an hour between tries is often enough.
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ op: "certificate.renew", outcome: "error", reason }, "certificate.renew");
        again(Math.min(lookMs, firstMs * 2 ** Math.min(failures, 10)));
        failures += 1;
      });
  }
  look();
  return () => {
    stopped = true;
    if (timer) clearTimeout(timer);
  };
}
