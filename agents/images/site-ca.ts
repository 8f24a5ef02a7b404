import { access } from "node:fs/promises";

/**
 * The file of certificate authorities that builds and containers trust: the site's own, else this machine's.
 * @returns null where neither can be read @throws when KINDLING_CA_BUNDLE names a file that cannot be read
 */
export async function siteCa(env: { readonly KINDLING_CA_BUNDLE?: string | undefined }): Promise<string | null> {
  const candidates = [env.KINDLING_CA_BUNDLE, process.env.SSL_CERT_FILE, "/etc/ssl/certs/ca-certificates.crt"];
  for (const file of candidates)
    if (file)
      try {
        await access(file);
        return file;
      } catch {
        if (file === env.KINDLING_CA_BUNDLE) throw new Error(`KINDLING_CA_BUNDLE names ${file}, which cannot be read.`);
      }
  return null;
}
