const ask = "Ask your administrator which authority signed it";
const why: Partial<Record<string, (url: string) => string>> = {
  CERT_HAS_EXPIRED: (url) => `The certificate of ${url} has ended. Your administrator has to renew it.`,
  CERT_NOT_YET_VALID: (url) => `The certificate of ${url} does not count yet. Is this machine's clock right?`,
  ERR_TLS_CERT_ALTNAME_INVALID: (url) => `${url} shows a certificate for another name. Is the address right?`,
  ERR_SSL_WRONG_VERSION_NUMBER: (url) => `${url} does not speak https. Is the address right?`,
};
const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** What is wrong with the other side's certificate, in a sentence; null when it is something else. */
export function certificateTrouble(error: unknown, url: string): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = "code" in at && typeof at.code === "string" ? at.code : "";
    if (untrusted.has(code))
      return `The certificate of ${url} is signed by nobody whom this machine trusts. ${ask}, and name its file with --ca or KINDLING_CA.`;
    const words = why[code];
    if (words) return words(url);
  }
  return null;
}
