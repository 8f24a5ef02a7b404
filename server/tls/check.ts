import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";

/** PEM: the certificate with those between it and the authority, and its key. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

const dayMs = 86_400_000;
/** Whoever looks at the log has that long to renew it. */
const soonMs = 14 * dayMs;

const day = (text: string): string => new Date(text).toISOString().slice(0, 10);

/**
 * What is wrong with a certificate for the names that people type, each in a sentence; nothing when browsers will take it from an authority
 * that they trust.
 * @param names host names; one that begins with `*.` is a wildcard that has to be covered as a whole
 */
export function certificateProblems({ certificate, key }: Pair, names: readonly string[], now: Date): string[] {
  const leaf = readLeaf(certificate);
  if (typeof leaf === "string") return [leaf];
  const own = readKey(key);
  if (typeof own === "string") return [own];
  const problems: string[] = [];
  if (!leaf.checkPrivateKey(own)) problems.push("the key does not belong to the certificate: they are from different requests");
  if (Date.parse(leaf.validTo) <= now.getTime()) problems.push(`the certificate ended on ${day(leaf.validTo)}: renew it`);
  if (Date.parse(leaf.validFrom) > now.getTime())
    problems.push(`the certificate does not count before ${day(leaf.validFrom)}: look at this machine's clock`);
  for (const name of names) if (!covers(leaf, name)) problems.push(`the certificate does not cover ${name}; it is for ${namesOf(leaf)}`);
  return problems.length > 0 ? problems : unusable({ certificate, key });
}

/** A sentence when a certificate ends soon, else null. */
export function endsSoon(certificate: string, now: Date): string | null {
  const leaf = readLeaf(certificate);
  if (typeof leaf === "string") return null;
  const left = Date.parse(leaf.validTo) - now.getTime();
  return left > soonMs ? null : `the certificate ends on ${day(leaf.validTo)}, in ${Math.max(0, Math.floor(left / dayMs))} days`;
}

function readLeaf(pem: string): X509Certificate | string {
  if (/-----BEGIN (EC |RSA |ENCRYPTED )?PRIVATE KEY-----/.test(pem) && !pem.includes("-----BEGIN CERTIFICATE-----"))
    return "this is a key and not a certificate: the two files are mixed up";
  try {
    return new X509Certificate(pem);
  } catch {
    return "this is not a certificate in PEM (it begins with -----BEGIN CERTIFICATE-----)";
  }
}

function readKey(pem: string): KeyObject | string {
  if (/ENCRYPTED/.test(pem)) return "the key is protected by a passphrase, and nobody is there to type it at a start: store it without";
  try {
    return createPrivateKey(pem);
  } catch {
    return "the key is not a private key in PEM (it begins with -----BEGIN PRIVATE KEY-----)";
  }
}

function covers(leaf: X509Certificate, name: string): boolean {
  const host = name.replace(/^\[(.*)\]$/, "$1");
  if (/^[\d.]+$/.test(host) || host.includes(":")) return leaf.checkIP(host) !== undefined;
  return leaf.checkHost(host.replace(/^\*\./, "any-c0123456789.")) !== undefined;
}

function namesOf({ subjectAltName }: X509Certificate): string {
  return subjectAltName?.replace(/(DNS|IP Address):/g, "") ?? "no name at all (browsers look at alternative names only)";
}

/** What OpenSSL itself does not take: too short a key, a broken chain file. */
function unusable({ certificate, key }: Pair): string[] {
  try {
    createSecureContext({ cert: certificate, key, minVersion: "TLSv1.2" });
    return [];
  } catch (error) {
    return [`it cannot be used: ${error instanceof Error ? error.message : String(error)}`];
  }
}
