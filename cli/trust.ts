import { X509Certificate } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { CliError } from "./exit.ts";
import { readText } from "./read-file.ts";

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

let trusted = "";

/** Reading a few hundred certificates takes longer than many a command: not again for the same ones. */
function trustAll(certificates: readonly string[]): void {
  const all = [...new Set(certificates)];
  const key = all.join();
  if (key !== trusted) setDefaultCACertificates(all);
  trusted = key;
}

/**
 * Trusts what this machine trusts, and the authorities of a file: for a site with certificates of its own.
 * @throws CliError when the file holds none
 */
export async function trust(file: string | undefined): Promise<void> {
  const known = [...getCACertificates("default"), ...getCACertificates("system")];
  if (file === undefined) return trustAll(known);
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
  trustAll([...known, ...found]);
}
