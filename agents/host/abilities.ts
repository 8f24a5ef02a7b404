/** What the kernel can do for networks and volumes: asked by trying, in a network namespace that is gone with the answer. */
import { access, readFile } from "node:fs/promises";
import type { HostFacts } from "../protocol/observed.ts";
import { run } from "./exec.ts";

/** Of the abilities those that are found out by trying. */
type Abilities = Omit<HostFacts["abilities"], "plainBridges">;

const works = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** A link is made where nobody else's are; nothing of it outlives the program. */
const tried = (lines: readonly string[]): Promise<boolean> =>
  works(run("unshare", ["--net", "ip", "-batch", "-"], { input: `${lines.join("\n")}\n` }));

/** @param dataRoot where the engine keeps containers' layers, null while it is not known */
export async function findAbilities(dataRoot: string | null): Promise<Abilities> {
  const [vlan, vxlan, lvm, mounts] = await Promise.all([
    tried(["link add try0 type veth peer name try1", "link add link try0 name try0.1 type vlan id 1"]),
    tried(["link add try0 type vxlan id 1 dstport 4789"]),
    works(Promise.all([access("/dev/mapper/control"), run("lvm", ["version"])])),
    readFile("/proc/self/mountinfo", "utf8"),
  ]);
  return { vlan, vxlan, lvm, rootQuota: dataRoot !== null && hasProjectQuota(mounts, dataRoot) };
}

/** A module may be loaded or a tool installed while the agent runs. */
const askAgainMs = 5 * 60_000;

/**
 * Keeps what was found, since finding it out starts programs. What the host can do it goes on to be able to; what it cannot is asked
 * again every few minutes.
 */
export function remembered(find: typeof findAbilities, now: () => number): typeof findAbilities {
  const found = new Map<string | null, { at: number; able: Promise<Abilities> }>();
  return async (dataRoot) => {
    const known = found.get(dataRoot);
    const before = await known?.able.catch(() => null);
    if (known && before && (Object.values(before).every(Boolean) || now() - known.at < askAgainMs)) return before;
    // Whoever asked at the same moment began already.
    const begun = found.get(dataRoot);
    if (begun && begun !== known) return begun.able;
    const able = find(dataRoot).then((seen) => ({
      vlan: seen.vlan || (before?.vlan ?? false),
      vxlan: seen.vxlan || (before?.vxlan ?? false),
      lvm: seen.lvm || (before?.lvm ?? false),
      rootQuota: seen.rootQuota || (before?.rootQuota ?? false),
    }));
    found.set(dataRoot, { at: now(), able });
    return able;
  };
}

/** Pure: whether the file system of a path limits directories: XFS mounted with project quotas. `mounts` as /proc/self/mountinfo. */
export function hasProjectQuota(mounts: string, path: string): boolean {
  const inside = (point: string) => point === "/" || path === point || path.startsWith(`${point}/`);
  const rows = mounts.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const point = (before.split(" ")[4] ?? "").replaceAll("\\040", " ");
    const [type = "", , options = ""] = after.split(" ");
    return point !== "" && inside(point) ? [{ point, type, options: options.split(",") }] : [];
  });
  // Of mounts on the same point the last one is seen.
  const at = rows.reduce<(typeof rows)[number] | null>((best, row) => (best && best.point.length > row.point.length ? best : row), null);
  return at?.type === "xfs" && at.options.some((option) => option === "prjquota" || option === "pquota");
}
