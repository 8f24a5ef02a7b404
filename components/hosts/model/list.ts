import type { HostView } from "../../../server/services/views.ts";
import { hostState } from "./states.ts";

export const sorts = ["name", "state", "nodes", "cpu", "memory", "disk", "heard"] as const;
export type HostSort = (typeof sorts)[number];

/** Trouble first: lost, fault, silent; then what is under way; then what is well. */
const order = ["failed", "unknown", "busy", "deleting", "stopped", "ready"];

const share = ({ used, total }: { used: number; total: number }): number => (total <= 0 ? -1 : used / total);
const byName = (a: HostView, b: HostView): number => a.name.localeCompare(b.name, "en", { numeric: true });

const by: Record<HostSort, (a: HostView, b: HostView) => number> = {
  name: byName,
  state: (a, b) => order.indexOf(hostState(a).state) - order.indexOf(hostState(b).state),
  nodes: (a, b) => b.nodes - a.nodes,
  cpu: (a, b) => share(b.vcpus) - share(a.vcpus),
  memory: (a, b) => share(b.memoryMb) - share(a.memoryMb),
  disk: (a, b) => diskShare(b) - diskShare(a),
  heard: (a, b) => (a.heardAt ?? "").localeCompare(b.heardAt ?? ""),
};

/** Full ones first, silent ones first: what an administrator looks for stands on top. Equal ones by name. */
export function sortHosts(hosts: readonly HostView[], sort: HostSort): HostView[] {
  return [...hosts].sort((a, b) => by[sort](a, b) || byName(a, b));
}

function diskShare(host: HostView): number {
  return share({ used: host.diskMb.total - host.diskMb.free, total: host.diskMb.total });
}

/** Every word has to be found in the name, a tag, the tenant, the address or the state's word. */
export function searchHosts(hosts: readonly HostView[], text: string): HostView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return hosts.filter((host) => {
    const all = [host.name, host.tenant, host.address, hostState(host).word, ...host.tags].join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Sums for the page's head; hosts that never said what they have count for nothing. */
export function capacity(hosts: readonly HostView[]): { vcpus: [number, number]; memoryMb: [number, number]; diskMb: [number, number] } {
  const sum = (pick: (host: HostView) => number): number => hosts.reduce((total, host) => total + pick(host), 0);
  const known = (value: number, total: number): number => (total > 0 ? value : 0);
  return {
    vcpus: [sum((host) => known(host.vcpus.used, host.vcpus.total)), sum((host) => host.vcpus.total)],
    memoryMb: [sum((host) => known(host.memoryMb.used, host.memoryMb.total)), sum((host) => host.memoryMb.total)],
    diskMb: [sum((host) => host.diskMb.total - host.diskMb.free), sum((host) => host.diskMb.total)],
  };
}
