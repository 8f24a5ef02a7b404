import { nodeStates } from "../../planner/phase.ts";
import { addressOf } from "../../planner/rows.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { loadSnapshot } from "../../snapshot/load.ts";
import type { Deps } from "../context.ts";
import { hostViews } from "./list.ts";
import type { TopologyView } from "./schemas.ts";
import { tenantNames } from "./tenants.ts";

/** Hosts, segments and nodes as one small answer. */
export async function topology({ db, now }: Deps): Promise<TopologyView> {
  const [snapshot, names] = await Promise.all([loadSnapshot(db), tenantNames(db)]);
  return topologyOf(snapshot, names, now());
}

/** The same from a picture. Pure. */
export function topologyOf(snapshot: Snapshot, names: ReadonlyMap<string, { slug: string; name: string }>, now: Date): TopologyView {
  const tenants = [...names.keys()];
  const at = (list: readonly { readonly id: string }[]): Map<string, number> => new Map(list.map(({ id }, index) => [id, index]));
  const [hosts, segments, clusters] = [at(snapshot.hosts), at(snapshot.segments), at(snapshot.clusters)];
  const place = (map: ReadonlyMap<string, number>, id: string | undefined): number => (id === undefined ? -1 : (map.get(id) ?? -1));
  return {
    at: now.toISOString(),
    tenants: [...names.values()].map(({ slug, name }) => ({ slug, name })),
    hosts: hostViews(snapshot, now).map(({ name, state, reason, mode, lostAt, address }) => ({
      name,
      state,
      reason,
      mode,
      lost: lostAt !== null,
      address,
    })),
    segments: snapshot.segments.map(({ name, tenantId, cidr, uplink, vlanId, vni }) => ({
      ...{ name, cidr, uplink, tenant: tenants.indexOf(tenantId) },
      number: uplink === "vlan" ? vlanId : uplink === "vxlan" ? vni : null,
    })),
    clusters: snapshot.clusters.map(({ id, name, tenantId }) => ({ id, name, tenant: tenants.indexOf(tenantId) })),
    nodes: snapshot.clusters.flatMap((cluster) =>
      nodeStates(snapshot, cluster, now.getTime()).map(({ node, state }) => {
        const address = addressOf(snapshot, node.id);
        const where = {
          host: place(hosts, node.hostId),
          segment: place(segments, address?.segmentId),
          cluster: place(clusters, cluster.id),
        };
        return { name: node.name, ...where, ip: address?.ip ?? "", master: node.role === "master", state: state.phase };
      }),
    ),
    links: snapshot.addresses.flatMap(({ ip, hostId, segmentId }) =>
      hostId === null ? [] : [{ host: place(hosts, hostId), segment: place(segments, segmentId), ip }],
    ),
  };
}
