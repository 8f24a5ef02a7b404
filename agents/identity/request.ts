/** The request for a certificate (PKCS #10). It says nothing but the key, and proves that its sender has it: who it is for decides the authority. */
import "reflect-metadata";
import { createPrivateKey } from "node:crypto";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";

export const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** Reads a private key (PEM, PKCS #8) for signing, with its public half. */
export async function importKey(pem: string): Promise<CryptoKeyPair> {
  const { subtle } = crypto;
  const secret = createPrivateKey(pem);
  const privateKey = await subtle.importKey("pkcs8", secret.export({ type: "pkcs8", format: "der" }), algorithm, true, ["sign"]);
  const { d: _, key_ops: __, ...open } = await subtle.exportKey("jwk", privateKey);
  const publicKey = await subtle.importKey("jwk", { ...open, key_ops: ["verify"] }, algorithm, true, ["verify"]);
  return { privateKey, publicKey };
}

/** @returns PEM */
export async function makeRequest(keyPem: string): Promise<string> {
  const keys = await importKey(keyPem);
  return (await Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm: algorithm })).toString("pem");
}
