import { loadSnapshot } from "../../snapshot/load.ts";
import type { Deps } from "../context.ts";
import { hostViews } from "../hosts/list.ts";
import { slugsOf, tenantNames } from "../hosts/tenants.ts";
import type { HostView } from "../views.ts";

export async function siteHosts({ db, now }: Deps): Promise<HostView[]> {
  const [snapshot, tenants] = await Promise.all([loadSnapshot(db), tenantNames(db)]);
  return hostViews(snapshot, now(), slugsOf(tenants));
}
