/** Names by which an installation's links are found again. */
import { createHash } from "node:crypto";
import type { SegmentSpec } from "../../../protocol/spec.ts";

const longest = 15;

/** The link that joins a segment's bridge to other hosts, null where it has none. A link's name has room for 15 characters. */
export function uplinkName(installation: string, { id, uplink }: Pick<SegmentSpec, "id" | "uplink">): string | null {
  const hash = createHash("sha256").update(`${installation}:${id}`).digest("hex").slice(0, 12);
  if (uplink.kind === "none") return null;
  if (uplink.kind === "vxlan") return `kx${hash}`;
  const usual = `${uplink.parent}.${uplink.vid}`;
  return usual.length <= longest ? usual : `kv${hash}`;
}

/** What a link that we made says about itself. A link without it is somebody else's. */
export function aliasOf(installation: string, segment: string): string {
  return `kindling:${installation}:${segment}`;
}

/** The segment of a link that this installation made, null for all others. */
export function segmentOf(installation: string, alias: string | null): string | null {
  const start = `kindling:${installation}:`;
  return alias?.startsWith(start) ? alias.slice(start.length) : null;
}
