import { UserError } from "../../errors.ts";

export type TenantState = "active" | "suspended" | "deleting";

interface Row {
  name: string;
  state: string;
  stateSince: Date;
  stateBy: string | null;
  stateReason: string | null;
}

export const tenantStateOf = (text: string): TenantState => (text === "suspended" || text === "deleting" ? text : "active");

/** Why nobody of a tenant may create, start or change anything now; null: it is as usual. */
export function closedWords(row: Row): string | null {
  const { name, stateBy, stateReason } = row;
  const by = stateBy ? ` by ${stateBy}` : "";
  const day = row.stateSince.toISOString().slice(0, 10);
  switch (tenantStateOf(row.state)) {
    case "active":
      return null;
    case "suspended":
      return `The tenant ${name} was suspended on ${day}${by}${stateReason ? `: ${stateReason.replace(/[.!?]+$/, "")}` : ""}. Nothing can be created, started or changed, and services are closed, until a site administrator resumes it. What there is stays.`;
    case "deleting":
      return `The tenant ${name} is being deleted since ${day}${by}, with everything in it.`;
  }
}

/** @throws UserError forbidden, with the reason */
export function assertOpen(row: Row): void {
  const words = closedWords(row);
  if (words) throw new UserError("forbidden", words);
}
