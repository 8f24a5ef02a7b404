import type { Me } from "../../server/services/views.ts";

export interface Place {
  title: string;
  href: string;
  /** Which live figure stands beside it. */
  count?: "clusters";
}

export interface Section {
  /** Null: the first, untitled one. */
  title: string | null;
  places: Place[];
}

export type TenantRole = "member" | "admin" | "site-admin";

/** What the sidebar and the palette offer to this person: only pages that exist and that they may see. */
export function sections(me: Pick<Me, "siteAdmin">, tenant: { slug: string; role: TenantRole } | null): Section[] {
  const found: Section[] = [];
  if (tenant) {
    const at = `/t/${tenant.slug}`;
    found.push({
      title: null,
      places: [
        { title: "Home", href: at },
        { title: "Clusters", href: `${at}/clusters`, count: "clusters" },
        { title: "Catalogue", href: `${at}/catalogue` },
        { title: "Volumes", href: `${at}/volumes` },
      ],
    });
    if (tenant.role !== "member")
      found.push({
        title: "Tenant",
        places: [
          { title: "People", href: `${at}/people` },
          { title: "Quotas", href: `${at}/quotas` },
          { title: "Service accounts", href: `${at}/accounts` },
          { title: "Audit", href: `${at}/audit` },
        ],
      });
  }
  if (me.siteAdmin) {
    found.push({
      title: "Site",
      places: [
        { title: "Overview", href: "/site" },
        { title: "Hosts", href: "/site/hosts" },
        { title: "Topology", href: "/site/topology" },
        { title: "Segments", href: "/site/network" },
        { title: "Volumes", href: "/site/volumes" },
        { title: "Images", href: "/site/images" },
        { title: "Tenants", href: "/site/tenants" },
        { title: "Directory", href: "/site/directory" },
        { title: "Flavors", href: "/site/flavors" },
        { title: "Audit", href: "/site/audit" },
      ],
    });
  }
  return found;
}

/** The place whose page this is: the longest address that the path starts with; homes only when the path is theirs. */
export function currentPlace(places: readonly Place[], path: string): Place | null {
  const homes = (href: string) => href === "/site" || /^\/t\/[^/]+$/.test(href);
  let best: Place | null = null;
  for (const place of places) {
    const here = path === place.href || (!homes(place.href) && path.startsWith(`${place.href}/`));
    if (here && (best === null || place.href.length > best.href.length)) best = place;
  }
  return best;
}
