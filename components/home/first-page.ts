import type { Me } from "../../server/services/views.ts";

type Told = Pick<Me, "siteAdmin" | "tenants">;

/**
 * Where somebody begins who asked for no page.
 * @param last slug of the tenant that was looked at last
 * @returns null for somebody who has no page
 */
export function firstPage({ siteAdmin, tenants }: Told, last: string | undefined): string | null {
  // What site administrators may look at is not theirs: their work is the site.
  const own = tenants.filter((tenant) => tenant.own);
  const tenant = own.find(({ slug }) => slug === last) ?? own[0];
  if (tenant) return `/t/${tenant.slug}`;
  return siteAdmin ? "/site" : null;
}

/** The tenant that the sidebar shows beside a page of no tenant: where one came from, else one's own. */
export function sidebarTenant({ tenants }: Told, last: string | undefined): Me["tenants"][number] | null {
  return tenants.find(({ slug }) => slug === last) ?? tenants.find((tenant) => tenant.own) ?? null;
}
