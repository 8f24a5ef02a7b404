/** A role of a tenant as people with whom something is shared. */
export function roleName(role: string, tenant: string): string {
  return role === "admin" ? `Administrators of ${tenant}` : `Everybody in ${tenant}`;
}
