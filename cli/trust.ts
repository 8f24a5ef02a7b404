import { X509Certificate } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { CliError } from "./exit.ts";
import { readText } from "./read-file.ts";

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Trusts what this machine trusts, and the authorities of a file: for a site with certificates of its own.
 * @throws CliError when the file holds none
 */
export async function trust(file: string | undefined): Promise<void> {
  const known = [...getCACertificates("default"), ...getCACertificates("system")];
  if (file === undefined) return setDefaultCACertificates([...new Set(known)]);
  const found = (await readText("--ca", file)).match(blocks) ?? [];
  try {
    for (const one of found) new X509Certificate(one);
  } catch (cause) {
    throw new CliError("bad_request", `--ca: ${JSON.stringify(file)} holds something that is not a certificate.`, { cause });
  }
  if (found.length === 0)
    throw new CliError(
      "bad_request",
      `--ca: ${JSON.stringify(file)} holds no certificate in PEM (it begins with -----BEGIN CERTIFICATE-----).`,
    );
  setDefaultCACertificates([...new Set([...known, ...found])]);
}
