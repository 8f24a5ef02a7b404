import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle } from "./bundle.ts";

const template = join(import.meta.dirname, "..", "..", "agents", "host", "enrol", "install.sh");

/** What each mark of the script may become: nothing that a shell would read as more than a word. */
const allowed = {
  URL: /^https:\/\/[A-Za-z0-9.:[\]-]+$/,
  PIN: /^[A-Za-z0-9+/=]+$/,
  CA_FINGERPRINT: /^[0-9a-f]{64}$/,
  VERSION: /^[A-Za-z0-9.-]+$/,
  ARCH: /^[a-z0-9]+$/,
  SHA256: /^[0-9a-f]{64}$/,
  CA: /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/,
} as const;

export interface ScriptParts {
  url: string;
  /** SHA-256 of the server's public key, base64. */
  pin: string;
  caFingerprint: string;
  /** PEM. */
  ca: string;
}

/** The install script for this platform and bundle. @throws when a value is not of its kind */
export function installScript(
  { url, pin, caFingerprint, ca }: ScriptParts,
  { version, arch, sha256 }: Pick<Bundle, "version" | "arch" | "sha256">,
): string {
  const pem = new X509Certificate(ca).toString().replaceAll("\r", "");
  const values = { URL: url, PIN: pin, CA_FINGERPRINT: caFingerprint, VERSION: version, ARCH: arch, SHA256: sha256, CA: pem.trim() };
  return readFileSync(template, "utf8").replace(
    /@(URL|PIN|CA_FINGERPRINT|VERSION|ARCH|SHA256|CA)@/g,
    (_mark, name: keyof typeof allowed) => {
      if (!allowed[name].test(values[name])) throw new Error(`The install script's ${name} cannot be ${values[name]}.`);
      return values[name];
    },
  );
}
