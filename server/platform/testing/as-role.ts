import { grantRoles } from "../roles.ts";

/** The database with the rights of one part, for tests that are not that part's account. Grants them first. */
export async function asRole(url: string, role: string): Promise<string> {
  await grantRoles(url);
  const narrowed = new URL(url);
  narrowed.searchParams.set("options", `-c role=${role}`);
  return narrowed.href;
}
