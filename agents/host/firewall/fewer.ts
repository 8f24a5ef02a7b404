/** Tells whether a new spec only takes away from what the packet filter lets nodes of this host do among themselves. */
import { isDeepStrictEqual } from "node:util";
import type { HostSpec, NodeSpec, SegmentSpec } from "../../protocol/spec.ts";

/**
 * Pure: true when nothing but nodes of this host leave, and segments that end with them. Rules for those harm nobody, since their addresses are
 * nobody else's before another spec says so: they need not be taken away at once. Anything else is another matter, above all what is forbidden now.
 */
export function onlyLeaving(before: HostSpec | null, after: HostSpec): boolean {
  if (!before || !isDeepStrictEqual(before.deny, after.deny)) return false;
  const segments = new Map(before.segments.map((segment) => [segment.id, segment]));
  const nodes = new Map(before.nodes.map((node) => [node.id, node]));
  return (
    after.segments.every((segment) => lessOf(segments.get(segment.id), segment)) &&
    // One that is named no more is closed where it still is.
    before.segments.every((old) => old.desired === "deleted" || after.segments.some(({ id }) => id === old.id)) &&
    after.nodes.every((node) => sameGuards(nodes.get(node.id), node)) &&
    before.nodes.every((old) => old.desired === "deleted" || after.nodes.some(({ id }) => id === old.id))
  );
}

function lessOf(before: SegmentSpec | undefined, after: SegmentSpec): boolean {
  if (!before || (after.desired === "present" && before.desired !== "present")) return false;
  const { members: had, desired: _had, ...old } = before;
  const { members: has, desired: _has, ...now } = after;
  if (!isDeepStrictEqual(old, now)) return false;
  const kept = new Map(has.map((member) => [member.ip, member]));
  // What other hosts send is let in by their nodes' names on this list alone.
  return (
    has.every((member) => had.some((one) => isDeepStrictEqual(one, member))) && had.every((member) => !member.remote || kept.has(member.ip))
  );
}

function sameGuards(before: NodeSpec | undefined, after: NodeSpec): boolean {
  return (
    before !== undefined &&
    before.ip === after.ip &&
    before.segment === after.segment &&
    before.cluster.id === after.cluster.id &&
    isDeepStrictEqual(before.services, after.services)
  );
}
