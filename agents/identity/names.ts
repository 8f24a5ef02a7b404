/** Who a certificate is for: the one URI among its alternative names. Names of machines and addresses say nothing here. */
import type { X509Certificate } from "node:crypto";

/** The parts of the platform that speak to host agents. Each may call other verbs. */
export const partRoles = ["reconciler", "gateway", "portal"] as const;
export type PartRole = (typeof partRoles)[number];

export const roleUri = (installation: string, role: PartRole): string => `kindling://${installation}/role/${role}`;
export const hostUri = (installation: string, host: string): string => `kindling://${installation}/host/${host}`;
export const authorityUri = (installation: string): string => `kindling://${installation}/authority`;

/** The URI that a certificate is for; null unless it has exactly one alternative name and that is a URI of ours. */
export function uriOf(certificate: Pick<X509Certificate, "subjectAltName">): string | null {
  return /^URI:(kindling:\/\/[a-z0-9/]+)$/.exec(certificate.subjectAltName ?? "")?.[1] ?? null;
}

/** The part that a client's certificate is for, or null. */
export function roleOf(certificate: Pick<X509Certificate, "subjectAltName">, installation: string): PartRole | null {
  const uri = uriOf(certificate);
  return partRoles.find((role) => roleUri(installation, role) === uri) ?? null;
}

/** The id of the host that a certificate is for, or null. */
export function hostOf(certificate: Pick<X509Certificate, "subjectAltName">, installation: string): string | null {
  const uri = uriOf(certificate);
  const prefix = hostUri(installation, "");
  return uri?.startsWith(prefix) ? uri.slice(prefix.length) : null;
}
