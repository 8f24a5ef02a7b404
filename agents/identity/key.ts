/** Keys are EC P-256: every TLS library knows it, and a handshake costs little. */
import { createHash, generateKeyPairSync, X509Certificate } from "node:crypto";

/** A new private key as PEM (PKCS #8). */
export function makeKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/**
 * SHA-256 over a certificate's public key, as the platform keeps it for a host (hex) and as curl's --pinnedpubkey takes it (base64). It stays
 * the same when the certificate is renewed, so neither a lost answer nor an old copy of the database locks a host out.
 */
export function keyPin(certificate: X509Certificate, encoding: "hex" | "base64"): string {
  return createHash("sha256")
    .update(certificate.publicKey.export({ type: "spki", format: "der" }))
    .digest(encoding);
}

/** SHA-256 over a whole certificate, in lower-case hex without colons. */
export function fingerprint(pem: string): string {
  return createHash("sha256").update(new X509Certificate(pem).raw).digest("hex");
}

/** When two thirds of a certificate's life are over: the time to renew it, in milliseconds since the epoch. */
export function renewAt(pem: string): number {
  const { validFrom, validTo } = new X509Certificate(pem);
  const from = Date.parse(validFrom);
  return from + ((Date.parse(validTo) - from) * 2) / 3;
}
