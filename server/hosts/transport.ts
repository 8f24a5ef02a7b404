import { X509Certificate } from "node:crypto";
import { type ClientRequest, type RequestOptions, request } from "node:http";
import { request as requestTls, type RequestOptions as TlsRequestOptions } from "node:https";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { keyPin } from "../../agents/identity/key.ts";
import { hostUri, type PartRole, uriOf } from "../../agents/identity/names.ts";
import type { HostTarget } from "../services/hosts/access.ts";

export type { HostTarget } from "../services/hosts/access.ts";

/** What a part shows to hosts, and what it knows them by; PEM. */
export interface Credentials {
  readonly installation: string;
  readonly key: string;
  readonly certificate: string;
  readonly ca: string;
}

/** Where a part has its credentials from: they are renewed while it runs. */
export interface CredentialSource {
  /** Null until the first certificate was issued. */
  current(): Credentials | null;
}

/** The host was not asked, or its answer not read, because of who it is or who we are. */
export class IdentityError extends Error {}

type Asked = Pick<RequestOptions, "method" | "path" | "headers" | "signal" | "timeout">;

/**
 * Begins a request to a host's agent; the caller ends it and listens for its answer and errors.
 * @throws IdentityError when there is no way to ask it: its certificate was revoked, or ours has not been issued yet
 */
export type Transport = (host: HostTarget, asked: Asked) => ClientRequest;

/** Whether two rows mean the same agent at the same place. */
export function sameTarget(a: HostTarget | undefined, b: HostTarget): boolean {
  return a !== undefined && a.id === b.id && a.endpoint === b.endpoint && a.certificate === b.certificate;
}

/**
 * One way to every agent: the one on this machine by the role's own Unix socket, which only this part's account may open; others by mutual TLS,
 * where our certificate says the role, and theirs has to be of this very host and of the key that the database holds.
 */
export function makeTransport(role: PartRole, source: CredentialSource | null): Transport {
  return (host, asked) => {
    const url = URL.parse(host.endpoint);
    if (url?.protocol !== "https:")
      return request({ ...asked, agent: false, socketPath: join(host.endpoint.replace(/^unix:/, ""), `${role}.sock`) });
    const own = source?.current();
    const pin = host.certificate;
    if (pin === null) throw new IdentityError("The host's certificate was revoked. Enrol the host again to use it.");
    if (!own) throw new IdentityError("The platform's own certificate has not been issued yet.");
    const options: TlsRequestOptions & { secureContext: SecureContext } = {
      ...asked,
      // A connection of its own: a resumed session would skip the check of who answers.
      agent: false,
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port || 443),
      servername: "",
      secureContext: contextOf(own),
      checkServerIdentity: (_name, { raw }) => problem(new X509Certificate(raw), hostUri(own.installation, host.id), pin),
    };
    return requestTls(options);
  };
}

const contexts = new WeakMap<Credentials, SecureContext>();

/** Reading keys and certificates costs as much as the rest of a connection, so it is done once for each certificate of ours. */
function contextOf(own: Credentials): SecureContext {
  const known = contexts.get(own);
  if (known) return known;
  const made = createSecureContext({ key: own.key, cert: own.certificate, ca: own.ca, minVersion: "TLSv1.3" });
  contexts.set(own, made);
  return made;
}

/** Why a certificate, which the authority did sign, is not the host's; undefined when it is. */
function problem(shown: X509Certificate, uri: string, pin: string): IdentityError | undefined {
  if (uriOf(shown) !== uri) return new IdentityError("Another machine answers at the host's address.");
  if (keyPin(shown, "hex") !== pin) return new IdentityError("The host shows a certificate that was revoked or replaced by a newer one.");
  return undefined;
}

const certificateTrouble = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|INVALID_PURPOSE)/;

/** In words why there was no answer, for logs and pages; null when the host simply does not answer. */
export function identityTrouble(error: unknown): string | null {
  if (error instanceof IdentityError) return error.message;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "CERT_HAS_EXPIRED") return "The host's certificate has expired. Enrol the host again.";
  return certificateTrouble.test(code) ? "What answers at the host's address has no certificate of this platform." : null;
}
