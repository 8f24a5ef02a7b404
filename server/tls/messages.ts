import { z } from "zod";

/** A part asks the launcher what to serve with; the channel says which part. */
export const TlsRequest = z.object({ kind: z.literal("tls.request") });

/** What it is told, at once or as soon as there is one, and again whenever it changes. */
export const TlsPair = z.object({ kind: z.literal("tls"), certificate: z.string(), key: z.string() });

/** From the launcher to the authority and back, for a certificate of the installation's own. */
export const WebRequest = z.object({
  kind: z.literal("certificate.web"),
  request: z.string().max(4000),
  names: z.array(z.string().max(253)).min(1),
});
export const WebAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("certificate.web.issued"), certificate: z.string() }),
  z.object({ kind: z.literal("certificate.web.refused"), reason: z.string() }),
]);
