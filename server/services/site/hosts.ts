import { loadSnapshot } from "../../snapshot/load.ts";
import type { Deps } from "../context.ts";
import { hostViews } from "../hosts/list.ts";
import type { HostView } from "../views.ts";

export async function siteHosts({ db, now }: Deps): Promise<HostView[]> {
  return hostViews(await loadSnapshot(db), now());
}
