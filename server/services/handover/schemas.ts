import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";

/** An endpoint as links name it; `application` is the running application's pages on Spark's own origin. */
export const EndpointRef = z.object({ cluster: Id, endpoint: Label });

export const CreateHandover = z.object({
  clusterId: Id,
  endpoint: Label,
  /** SHA-256 of the nonce that the service's origin keeps in the browser. */
  nonceHash: z.string().regex(/^[0-9a-f]{64}$/, "The link is incomplete. Open the service from the cluster's page."),
});

/** What the page between the portal and a service shows. */
export interface EndpointView {
  cluster: { id: string; name: string; tenant: string };
  title: string;
  phase: string;
  reason: string | null;
  ready: boolean;
  /** The endpoint whose origin the login goes to. */
  origin: string;
  /** Where a browser begins that has not been at the service's origin yet. */
  start: string;
}

/** What the portal's form delivers to the service's origin. */
export interface HandoverView {
  code: string;
  action: string;
}
