/** Makes this machine a host of a platform: a key made here, a request, a one-time token, a certificate. */
import { X509Certificate } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";
import { fingerprint, makeKey } from "../../identity/key.ts";
import { makeRequest } from "../../identity/request.ts";
import { Id } from "../../protocol/ids.ts";
import { askAuthority } from "./authority.ts";
import { type Identity, identityDir, identityOf, loadIdentity, saveIdentity, unwrittenSettings } from "./identity.ts";

const Answer = z.object({ certificate: z.string(), host: Id, installation: Id, settings: z.record(z.string(), z.string()).default({}) });

export interface Invitation {
  readonly url: string;
  /** Empty where this host was enrolled before and only its installation is repaired. */
  readonly token: string;
  /** The authority's certificate, PEM, which must have this SHA-256. */
  readonly ca: string;
  readonly caFingerprint: string;
  /** SHA-256 of the enrolment server's public key, base64. */
  readonly pin: string;
  readonly state: string;
  /** Port on which the agent will listen. */
  readonly port: number;
  /** Enrol although this host has a valid certificate: for a new key, after a revocation. */
  readonly again: boolean;
}

export interface Enrolled {
  readonly identity: Identity;
  /** False where it was enrolled before. */
  readonly fresh: boolean;
  /** What the platform sets for all of its hosts, and is not in this one's settings yet. */
  readonly settings: Readonly<Record<string, string>>;
}

/** @throws with a sentence for people */
export async function enrol(invitation: Invitation, now: number): Promise<Enrolled> {
  const { url, token, ca, caFingerprint, pin, state, port, again } = invitation;
  if (fingerprint(ca) !== caFingerprint.toLowerCase())
    throw new Error("The authority's certificate is not the one that the command names. Nothing was sent.");
  const dir = identityDir(state);
  // One that cannot be read is none: there is nothing to lose in it, and a new one takes its place.
  const known = await loadIdentity(dir).catch(() => null);
  if (known && !again && known.ca === ca && expiry(known) > now)
    return { identity: known, fresh: false, settings: await unwrittenSettings(dir) };
  if (token === "")
    throw new Error(
      "This machine has no valid certificate yet, so it needs a token: run the whole command that the page or the CLI gave you.",
    );
  const key = makeKey();
  const body = { token, request: await makeRequest(key), hostname: hostname(), port, ...(known ? { host: known.host } : {}) };
  const answer = await askAuthority({ url, ca, pin }, "/enrol", body, Answer);
  const identity = identityOf({ key, ca, certificate: answer.certificate });
  await saveIdentity(dir, identity, answer.settings);
  return { identity, fresh: true, settings: answer.settings };
}

function expiry({ certificate }: Identity): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}
