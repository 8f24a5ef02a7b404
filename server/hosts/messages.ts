import { z } from "zod";
import { partRoles } from "../../agents/identity/names.ts";

/**
 * How a part comes by its certificate: it asks the launcher on the channel between the two, which nobody else can write to, so that the channel
 * says which part asks; the launcher asks the authority in the same way. No secret is needed, and no key leaves its part.
 */
export const CertificateRequest = z.object({ kind: z.literal("certificate.request"), request: z.string().max(4000) });

/** From the launcher to the authority: it says for whom. */
export const RoleRequest = CertificateRequest.extend({ id: z.number().int(), role: z.enum(partRoles) });

export const CertificateAnswer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("certificate.issued"),
    id: z.number().int(),
    installation: z.string(),
    certificate: z.string(),
    ca: z.string(),
  }),
  z.object({ kind: z.literal("certificate.refused"), id: z.number().int(), reason: z.string() }),
]);
export type CertificateAnswer = z.infer<typeof CertificateAnswer>;
