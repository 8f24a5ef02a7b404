/** What the kernel says about links, forwarding entries and neighbours. */
import { z } from "zod";
import { run } from "../../exec.ts";

export interface LinkSeen {
  readonly name: string;
  /** The link that this one is made on, as `eth0` of `eth0.100`. */
  readonly parent: string | null;
  readonly master: string | null;
  readonly up: boolean;
  readonly mtu: number;
  readonly alias: string | null;
  readonly kind: string | null;
  /** IPv4. */
  readonly addresses: readonly string[];
  readonly vxlan: { readonly id: number; readonly local: string; readonly port: number } | null;
  readonly vid: number | null;
  /** Settings as a bridge's port; `suppress` is null where the kernel does not have it. */
  readonly port: { readonly learning: boolean; readonly flood: boolean; readonly suppress: boolean | null } | null;
}

export interface ForwardSeen {
  readonly link: string;
  readonly mac: string;
  /** The host behind a tunnel; null for an entry of the bridge itself. */
  readonly dst: string | null;
  readonly state: string | null;
}

export interface LinksSeen {
  readonly links: ReadonlyMap<string, LinkSeen>;
  readonly forwards: readonly ForwardSeen[];
  /** Permanent ones only. */
  readonly neighbours: readonly { readonly ip: string; readonly link: string; readonly mac: string }[];
}

export const noLinks: LinksSeen = { links: new Map(), forwards: [], neighbours: [] };

const Flag = z.boolean().optional();
// iproute2 prints an empty object for what does not match a filter.
const Links = z.array(
  z
    .object({
      ifname: z.string(),
      link: z.string(),
      master: z.string(),
      flags: z.array(z.string()),
      mtu: z.number(),
      ifalias: z.string(),
      addr_info: z.array(z.object({ family: z.string(), local: z.string() }).partial()),
      linkinfo: z
        .object({
          info_kind: z.string(),
          info_data: z.looseObject({ id: z.number().optional(), local: z.string().optional(), port: z.number().optional() }),
          info_slave_kind: z.string(),
          info_slave_data: z.looseObject({ learning: Flag, flood: Flag, neigh_suppress: Flag }),
        })
        .partial(),
    })
    .partial(),
);

const Forwards = z.array(
  z
    .object({ mac: z.string(), ifname: z.string(), dst: z.string(), master: z.string(), state: z.string(), flags: z.array(z.string()) })
    .partial(),
);

const Neighbours = z.array(z.object({ dst: z.string(), dev: z.string(), lladdr: z.string() }).partial());

/** Pure: the output of `ip -j -d address show`. */
export function parseLinks(text: string): Map<string, LinkSeen> {
  const found = new Map<string, LinkSeen>();
  for (const link of Links.parse(JSON.parse(text || "[]"))) {
    if (link.ifname === undefined) continue;
    const { info_kind: kind, info_data: data, info_slave_kind: slave, info_slave_data: port } = link.linkinfo ?? {};
    found.set(link.ifname, {
      name: link.ifname,
      parent: link.link ?? null,
      master: link.master ?? null,
      up: link.flags?.includes("UP") ?? false,
      mtu: link.mtu ?? 1500,
      alias: link.ifalias ?? null,
      kind: kind ?? null,
      addresses: (link.addr_info ?? []).flatMap((a) => (a.family === "inet" && a.local ? [a.local] : [])),
      vxlan: kind === "vxlan" ? { id: data?.id ?? 0, local: data?.local ?? "", port: data?.port ?? 0 } : null,
      vid: kind === "vlan" ? (data?.id ?? null) : null,
      port:
        slave === "bridge"
          ? { learning: port?.learning ?? true, flood: port?.flood ?? true, suppress: port?.neigh_suppress ?? null }
          : null,
    });
  }
  return found;
}

/** Pure: the output of `bridge -j fdb show`. */
export function parseForwards(text: string): ForwardSeen[] {
  return Forwards.parse(JSON.parse(text || "[]")).flatMap(({ mac, ifname, dst, master, state }) =>
    mac && ifname && (dst || master) ? [{ link: ifname, mac, dst: dst ?? null, state: state ?? null }] : [],
  );
}

/** Pure: the output of `ip -j neigh show nud permanent`. */
export function parseNeighbours(text: string): LinksSeen["neighbours"] {
  return Neighbours.parse(JSON.parse(text || "[]")).flatMap(({ dst, dev, lladdr }) =>
    dst && dev && lladdr ? [{ ip: dst, link: dev, mac: lladdr }] : [],
  );
}

export async function readLinks(): Promise<LinksSeen> {
  const [links, forwards, neighbours] = await Promise.all([
    run("ip", ["-j", "-d", "address", "show"]),
    run("bridge", ["-j", "fdb", "show"]),
    run("ip", ["-j", "-4", "neigh", "show", "nud", "permanent"]),
  ]);
  return { links: parseLinks(links), forwards: parseForwards(forwards), neighbours: parseNeighbours(neighbours) };
}
