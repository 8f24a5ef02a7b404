import { z } from "zod";
import { Id, Label } from "../../../agents/protocol/ids.ts";
import { TokenParts } from "../tokens/create.ts";
import type { TokenView } from "../views.ts";

const role = z.enum(["member", "admin"], "The role is member or admin.");

export const CreateAccount = z.object({
  tenant: Label,
  name: z
    .string()
    .regex(
      /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
      "A service account's name is lower-case letters, digits and hyphens, and begins with a letter.",
    ),
  role: role.default("member"),
});

export const AccountRef = z.object({ tenant: Label, account: Label });
export const SetAccountRole = AccountRef.extend({ role });
export const DeleteAccount = AccountRef.extend({ confirm: z.string().max(100) });
export const CreateAccountToken = AccountRef.extend(TokenParts.shape);
export const RevokeAccountToken = AccountRef.extend({ id: Id });

/** A program's account in a tenant: it has tokens, and nobody can sign in with it. */
export interface AccountView {
  name: string;
  /** How it is called where people are: tenant/name. */
  username: string;
  role: "member" | "admin";
  state: "active" | "suspended";
  createdAt: string;
  createdBy: string | null;
  lastUsedAt: string | null;
  /** What it owns. */
  clusters: { id: string; name: string }[];
  tokens: TokenView[];
}
