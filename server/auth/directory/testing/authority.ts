import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;

async function pemOfKey(key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replace(/(.{64})/g, "$1\n")}\n-----END PRIVATE KEY-----\n`;
}

/** A certificate authority of a site's own, for one test. */
export async function makeAuthority() {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const at = Date.now();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    // Two of one name could not be told apart.
    name: `CN=Example CA ${crypto.randomUUID().slice(0, 8)}`,
    notBefore: new Date(at - 4000 * day),
    notAfter: new Date(at + 30 * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    pem: ca.toString("pem"),
    /** Signs a certificate for a name of this machine; an expired one ended yesterday. */
    async certificate({ host = "localhost", expired = false } = {}): Promise<{ key: string; pem: string }> {
      const own = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: ca.subject,
        notBefore: new Date(at - 30 * day),
        notAfter: new Date(at + (expired ? -1 : 10) * day),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }])],
      });
      return { key: await pemOfKey(own.privateKey), pem: certificate.toString("pem") };
    },
  };
}
