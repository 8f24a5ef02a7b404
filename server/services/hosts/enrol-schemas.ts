import { z } from "zod";
import { Ipv4, Label } from "../../../agents/protocol/ids.ts";
import { LinkName } from "../../../agents/protocol/spec.ts";

/** What an administrator says about a host beforehand. */
export const AddHost = z.object({
  name: Label,
  /** Where the platform and other hosts reach it; without it the address from which it enrols. */
  address: Ipv4.optional(),
  tags: z.array(Label).max(20, "A host has at most 20 tags.").default([]),
  /** Only this tenant's nodes go there. */
  tenant: Label.optional(),
  /** The link that carries VLANs. */
  vlanParent: LinkName.optional(),
});

/** As an invitation keeps them. */
export const InvitedSettings = z.object({
  address: z.string().nullable(),
  tags: z.array(z.string()),
  tenantId: z.string().nullable(),
  vlanParent: z.string().nullable(),
  createdBy: z.string(),
});

/** The one time that a token is shown. */
export interface Invitation {
  id: string;
  name: string;
  /** To be run on the machine that becomes the host; it carries the token. */
  command: string;
  expiresAt: string;
}

export interface PendingInvitation {
  id: string;
  name: string;
  /** True: a new certificate for a host that there is. */
  again: boolean;
  createdBy: string;
  expiresAt: string;
}
