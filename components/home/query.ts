/** What the home page lists: the newest clusters of the tenant, mine and others'. */
export function homeList(tenant: string) {
  return { tenant, scope: "all" as const, sort: "created" as const, limit: 8 };
}
