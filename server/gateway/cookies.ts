/** Names of the gateway's own cookies. With https they carry the prefix that keeps siblings from setting them. */
export interface CookieNames {
  session: string;
  code: string;
  /** A nonce's cookie is this and the first ten digits of the nonce's hash, so that several tabs can sign in at once. */
  nonce: string;
}

export function cookieNames(secure: boolean): CookieNames {
  const prefix = secure ? "__Host-kindling-" : "kindling-";
  return { session: `${prefix}session`, code: `${prefix}code`, nonce: `${prefix}nonce-` };
}

// The gateway's and the portal's: a node neither sees nor sets them.
const reserved = /^(__Host-|__Secure-)?(kindling[-.]|next-auth\.|authjs\.)/i;

export interface Cookie {
  name: string;
  value: string;
}

export function parseCookies(header: string | undefined): Cookie[] {
  return (header ?? "").split(";").flatMap((part) => {
    const cut = part.indexOf("=");
    const name = part.slice(0, Math.max(0, cut)).trim();
    return name === "" ? [] : [{ name, value: part.slice(cut + 1).trim() }];
  });
}

/** What of a Cookie header the node may see; null when nothing is left. */
export function cookiesForNode(header: string | undefined): string | null {
  const parts = (header ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !reserved.test((part.split("=")[0] ?? "").trim()));
  return parts.length > 0 ? parts.join("; ") : null;
}

/** A node's Set-Cookie made host-only, or null where it names a cookie of the platform's. */
export function cookieFromNode(header: string): string | null {
  const [pair = "", ...attributes] = header.split(";");
  const cut = pair.indexOf("=");
  // Browsers take "=value" and "value" as a cookie without a name, whose value could pose as a pair of ours.
  if (cut < 1 || reserved.test(pair.slice(0, cut).trim())) return null;
  return [pair, ...attributes.filter((attribute) => !/^\s*domain\s*(=|$)/i.test(attribute))].join(";");
}

/** A Set-Cookie of the gateway's: host-only, out of scripts' reach. `maxAge` in seconds; 0 deletes it. */
export function ownCookie(name: string, value: string, secure: boolean, maxAge: number): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? "; Secure" : ""}`;
}
