import type { Scope } from "../api/trpc.ts";
import { auditExport } from "./audit-export.ts";
import { download } from "./download.ts";
import { health } from "./health.ts";
import type { Parts } from "./parts.ts";
import type { Route } from "./server.ts";

/** An address beside pages and procedures. It says whose data it touches, as a procedure does; a test asks each as everybody else. */
export interface Declared {
  /** As people ask for it, with :names for what varies. */
  path: string;
  scope: Scope;
  make(parts: Parts): Route;
}

export const declaredRoutes: readonly Declared[] = [
  { path: "/api/health", scope: "public", make: health },
  { path: "/api/clusters/:cluster/notebooks.tar", scope: "tenant-member", make: download },
  { path: "/api/site/audit.csv", scope: "site", make: auditExport },
  { path: "/api/t/:tenant/audit.csv", scope: "tenant-admin", make: auditExport },
];

/** The first that matches a page's folder in app/ says whose page it is. */
const pages: readonly (readonly [RegExp, Scope])[] = [
  [/^\/(sign-in|api\/auth\/\[\.\.\.nextauth\])$/, "public"],
  [/^\/(me|go\/\[cluster\]\/\[endpoint\])?$/, "self"],
  [/^\/t\/\[tenant\]\/(audit|accounts|people|quotas)$/, "tenant-admin"],
  [/^\/t\/\[tenant\](\/|$)/, "tenant-member"],
  [/^\/site(\/|$)/, "site"],
];

/** Whose page or handler a folder of app/ is, for example "/t/[tenant]/volumes"; null where nobody said. */
export function pageScope(folder: string): Scope | null {
  return pages.find(([pattern]) => pattern.test(folder))?.[1] ?? null;
}
