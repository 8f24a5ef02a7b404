import { ResultCodeError } from "ldapts";
import { ConnectError } from "./connect.ts";

/** What Active Directory adds to "invalid credentials". */
const activeDirectory: Record<string, string> = {
  "525": "there is no such account",
  "52e": "the password is wrong",
  "530": "it may not sign in at this time",
  "531": "it may not sign in from this machine",
  "532": "its password has expired",
  "533": "it is disabled",
  "701": "it has expired",
  "773": "its password has to be changed first",
  "775": "it is locked",
};

const codes: Record<string, string> = {
  ECONNREFUSED: "Nothing listens there. Is the port right, and the server running?",
  ETIMEDOUT: "No answer in time. Is a firewall in between?",
  EHOSTUNREACH: "There is no way to that network from here.",
  ENETUNREACH: "There is no way to that network from here.",
  ENOTFOUND: "That name is not known here. Is it spelt right, and does this machine ask the right name server?",
  EAI_AGAIN: "Names cannot be looked up just now: this machine's name server does not answer.",
  ECONNRESET: "The server closed the connection.",
  EPIPE: "The server closed the connection.",
  EACCES: "This machine may not connect there.",
  ENOENT: "There is no such socket.",
  CERT_HAS_EXPIRED: "The server's certificate has expired. Renew it on the server.",
  CERT_NOT_YET_VALID: "The server's certificate is not valid yet. Are both clocks right?",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "The server's certificate is from an authority that is not trusted here. Give the site's authority as CA certificates.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "The server's certificate is from an authority that is not trusted here. Give the site's authority as CA certificates.",
  UNABLE_TO_GET_ISSUER_CERT:
    "The server's certificate is from an authority that is not trusted here. Give the site's authority as CA certificates.",
  SELF_SIGNED_CERT_IN_CHAIN:
    "The server's certificate is from an authority that is not trusted here. Give the site's authority as CA certificates.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The server signed its certificate itself. Give that certificate as CA certificates if it is meant.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The server's certificate is for another name than the one in the address.",
  CERT_REVOKED: "The server's certificate was revoked.",
};

const results: Record<number, string> = {
  1: "The server wants a sign-in before it answers (operations error).",
  2: "The server did not understand what was asked of it.",
  3: "The server did not finish in time. Is the attribute indexed?",
  4: "The server returned more than it is allowed to.",
  8: "The server wants stronger protection for this: use ldaps:// or StartTLS.",
  11: "The search is beyond the server's limits.",
  13: "The server refuses this without encryption: use ldaps:// or StartTLS.",
  32: "There is no such entry. Is the distinguished name right?",
  34: "That is no distinguished name.",
  48: "That account cannot sign in with a password.",
  50: "That account may not read this.",
  51: "The server is busy.",
  52: "The server is not available just now.",
  53: "The server refuses to do this.",
};

function chain(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at: unknown = error; at && found.length < 6; at = at instanceof Error ? at.cause : null) found.push(at);
  return found;
}

/** What is wrong with a directory, in words for its administrator. Never a password, never a stack. */
export function problemWords(error: unknown): string {
  const stage = error instanceof ConnectError ? error.stage : null;
  for (const one of chain(error)) {
    if (one instanceof ResultCodeError) {
      if (stage === "tls")
        return `The server refuses StartTLS (${one.name}), so nothing was sent: passwords would travel in the clear. Use ldaps://, or switch StartTLS on there.`;
      if (one.code === 49) {
        const why = activeDirectory[/data ([0-9a-f]+)/i.exec(one.message)?.[1]?.toLowerCase() ?? ""];
        return why ? `The account was refused: ${why}.` : "The account was refused: its name or its password is wrong.";
      }
      return results[one.code] ?? `The server answered: ${one.name}.`;
    }
    const code: unknown = typeof one === "object" && one !== null ? Reflect.get(one, "code") : undefined;
    if (typeof code === "string" && codes[code]) return codes[code];
    if (typeof code === "string" && /^ERR_SSL|^EPROTO/.test(code))
      return "The server did not answer with TLS. Is this the port for it (636 for ldaps)?";
    if (one instanceof Error && /timeout|timed out/i.test(one.message)) return codes.ETIMEDOUT ?? "No answer in time.";
    if (one instanceof Error && /socket|connection (was )?(closed|lost)/i.test(one.message))
      return codes.ECONNRESET ?? "The connection was closed.";
  }
  return stage === "tls" ? "No encrypted connection came about." : "The server's answer could not be understood.";
}
