import "reflect-metadata";
import { randomBytes, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  X509Certificate as Certificate,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { fingerprint } from "../../agents/identity/key.ts";
import { algorithm, importKey } from "../../agents/identity/request.ts";

const day = 86_400_000;
/** A host or a platform whose clock is a little behind must not refuse what was just made. */
const early = 5 * 60_000;
const caDays = 20 * 365;

/** What a certificate may be used for: serving, asking, or both (a host serves the platform and asks for its renewal). */
export type Use = "server" | "client" | "both";

export interface Wanted {
  /** The name that it is for; nothing that the request says counts. A web address: host names, the first of which is the subject. */
  uri: string | readonly string[];
  use: Use;
  /** Milliseconds from now. */
  lifetimeMs: number;
}

export interface Ca {
  /** PEM. */
  readonly certificate: string;
  readonly fingerprint: string;
  /**
   * Signs a certificate for the key of a request.
   * @param request PKCS #10, PEM
   * @returns PEM
   * @throws RequestError when it is none of ours: another kind of key, a wrong signature, not a request at all
   */
  issue(request: string, wanted: Wanted, now: Date): Promise<string>;
}

/** The request cannot be signed. */
export class RequestError extends Error {}

const serial = (): string => `00${randomBytes(16).toString("hex")}`;

/** The authority's own certificate for a key: signs certificates, and no authority below it. @returns PEM */
export async function makeCa(keyPem: string, installation: string, now: Date): Promise<string> {
  const keys = await importKey(keyPem);
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{ CN: [`Kindling ${installation}`] }],
    notBefore: new Date(now.getTime() - early),
    notAfter: new Date(now.getTime() + caDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return made.toString("pem");
}

const uses = {
  server: [ExtendedKeyUsage.serverAuth],
  client: [ExtendedKeyUsage.clientAuth],
  both: [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth],
} as const;

/** @throws when the certificate is not of this key */
export async function openCa(keyPem: string, certificatePem: string): Promise<Ca> {
  const { privateKey: signingKey, publicKey } = await importKey(keyPem);
  const own = new Certificate(certificatePem);
  if (!(await own.verify({ publicKey, signatureOnly: true })))
    throw new Error("The authority's certificate does not belong to its key; put both files back from the same backup.");
  return {
    certificate: certificatePem,
    fingerprint: fingerprint(certificatePem),
    async issue(request, { uri, use, lifetimeMs }, now) {
      const publicKeyOfRequest = await checked(request);
      const made = await X509CertificateGenerator.create({
        serialNumber: serial(),
        subject: [{ CN: [(typeof uri === "string" ? uri.slice(uri.lastIndexOf("/") + 1) : (uri[0] ?? "")).slice(0, 64)] }],
        issuer: own.subjectName,
        notBefore: new Date(now.getTime() - early),
        notAfter: new Date(now.getTime() + lifetimeMs),
        signingAlgorithm: algorithm,
        publicKey: publicKeyOfRequest,
        signingKey,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([...uses[use]], true),
          new SubjectAlternativeNameExtension(
            typeof uri === "string"
              ? [{ type: "url", value: uri }]
              : uri.map((value) => ({ type: isIP(value) ? "ip" : "dns", value }) as const),
          ),
          await AuthorityKeyIdentifierExtension.create(publicKey),
        ],
      });
      return made.toString("pem");
    },
  };
}

/** The key of a request that its sender proved to have. */
async function checked(pem: string): Promise<Pkcs10CertificateRequest["publicKey"]> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    const { name, namedCurve } = { namedCurve: "", ...request.publicKey.algorithm };
    if (name === "ECDSA" && namedCurve === "P-256" && (await request.verify())) return request.publicKey;
  } catch (cause) {
    throw new RequestError("This is not a request for a certificate.", { cause });
  }
  throw new RequestError("The request is not signed with an EC P-256 key of its own.");
}

/** When a certificate ends. */
export function expiryOf(pem: string): Date {
  return new Date(new X509Certificate(pem).validTo);
}
