import type { z } from "zod";
import { HostObservation } from "../../../agents/protocol/observed.ts";
import { notify, type Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { overlaps, rangeOf, reservedRange } from "../../planner/ipam/subnet.ts";
import type { columnChanges } from "../audit/changes.ts";
import { audit } from "../audit/write.ts";
import type { ActorCtx } from "../context.ts";
import { bridgeName, gatewayOf, nextSubnet } from "../seed/segment.ts";
import { closedWords } from "../tenants/closed.ts";
import { lockTenant } from "../tenants/usage.ts";
import { nextNumber } from "./pools.ts";
import type { CreateSegment } from "./schemas.ts";
import { uplinkWords } from "./words.ts";

type Input = z.output<typeof CreateSegment>;

/**
 * A segment of a tenant. Hosts make it when the first node of it is placed on them.
 * @throws UserError for a name, subnet or number that is taken, or a pool that is used up
 */
export function createSegment(ctx: ActorCtx, input: Input): Promise<{ id: string }> {
  return ctx.db.$transaction((tx) => addSegment(tx, ctx, input));
}

/** The same within a transaction of the caller's. */
export async function addSegment(tx: Tx, ctx: ActorCtx, input: Input): Promise<{ id: string }> {
  // Two who ask at once must not get the same subnet or number.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(4712)`;
  const found = await tx.tenant.findUnique({ where: { slug: input.owner }, select: { id: true } });
  if (!found) throw new UserError("not_found", `There is no tenant ${input.owner}.`, "owner");
  const tenant = await lockTenant(tx, found.id);
  if (tenant.state === "deleting") throw new UserError("conflict", closedWords(tenant) ?? "", "owner");
  const all = await tx.segment.findMany({
    select: { name: true, cidr: true, vlanId: true, vni: true, tenant: { select: { id: true, slug: true } } },
  });
  if (all.some((row) => row.name === input.name && row.tenant.id === tenant.id))
    throw new UserError("conflict", `${tenant.name} already has a segment named ${input.name}. Take another name.`, "name");
  const site = await tx.installation.findFirstOrThrow();
  const taken = await ofHosts(tx);
  const cidr =
    input.cidr ?? nextSubnet(site.addressPool, [...all.map((row) => row.cidr), ...within(taken, site.addressPool)], input.bits).cidr;
  const clash = all.find((row) => overlaps(rangeOf(row.cidr), rangeOf(cidr)));
  if (clash)
    throw new UserError(
      "conflict",
      `The subnet ${cidr} overlaps ${clash.cidr}, the segment ${clash.name} of ${clash.tenant.slug}. Choose another.`,
      "cidr",
    );
  if (input.cidr) apartFromHosts(taken, cidr);
  reservedWithin(cidr, input.reserved);
  const numbers = numbersFor(input, all, site);
  const id = ctx.newId("g");
  const { name, uplink, mtu, dns, reserved } = input;
  await tx.segment.create({
    data: {
      ...{ id, name, cidr, uplink, mtu, dns, reserved },
      ...numbers,
      tenantId: tenant.id,
      gateway: gatewayOf(cidr),
      bridge: bridgeName(id),
    },
  });
  await said(tx, ctx, "segment.create", { id, name, tenantId: tenant.id }, `${cidr}, ${uplinkWords({ uplink, ...numbers })}`);
  return { id };
}

const Seen = HostObservation.pick({ facts: true });

/** What a machine finds elsewhere than on a segment. */
interface Elsewhere {
  cidr: string;
  /** Why no segment can have this subnet, as a sentence. */
  say: (subnet: string) => string;
  /** Beyond a router: a subnet around it goes before it, one that holds it would not. */
  narrow: boolean;
}

/** What hosts report of the networks that they are in, and of their own addresses. */
async function ofHosts(tx: Tx): Promise<Elsewhere[]> {
  const hosts = await tx.host.findMany({ select: { name: true, address: true, observed: true } });
  return hosts.flatMap(({ name, address, observed }) => {
    const facts = Seen.safeParse(observed).data?.facts;
    const own = [...(address ? [address] : []), ...(facts?.links.flatMap((link) => link.addresses) ?? [])];
    return [
      ...own.map((ip) => ({
        cidr: `${ip}/32`,
        say: (subnet: string) => `The host ${name} has the address ${ip}, which lies in ${subnet}.`,
        narrow: false,
      })),
      ...(facts?.networks ?? []).map(({ link, cidr, direct }) => ({
        cidr,
        say: (subnet: string) => `The subnet ${subnet} overlaps ${cidr}, which the host ${name} has at its link ${link}.`,
        narrow: !direct,
      })),
    ];
  });
}

function inTheWay({ cidr, narrow }: Elsewhere, subnet: string): boolean {
  const [one, other] = [rangeOf(cidr), rangeOf(subnet)];
  return overlaps(one, other) && !(narrow && one.bits < other.bits);
}

/** What of it lies in the pool. A network of hosts that holds the whole pool does not: whoever set the pool set it aside there. */
const within = (taken: readonly Elsewhere[], pool: string): string[] =>
  taken.map(({ cidr }) => cidr).filter((cidr) => rangeOf(cidr).bits > rangeOf(pool).bits);

/** A host would no longer find the way to what it has there. @throws UserError conflict */
function apartFromHosts(taken: readonly Elsewhere[], cidr: string): void {
  const clash = taken.find((one) => inTheWay(one, cidr));
  if (clash) throw new UserError("conflict", `${clash.say(cidr)} Choose another subnet.`, "cidr");
}

/** What is reserved outside of the subnet is a slip of the pen: it would reserve nothing. @throws UserError bad_request */
export function reservedWithin(cidr: string, reserved: readonly string[]): void {
  const { first, last } = rangeOf(cidr);
  for (const text of reserved) {
    const range = reservedRange(text);
    if (range && (range.first < first || range.last > last))
      throw new UserError("bad_request", `${text} lies outside of the subnet ${cidr}: only its own addresses can be reserved.`, "reserved");
  }
}

function numbersFor(
  input: Input,
  all: readonly { name: string; vlanId: number | null; vni: number | null; tenant: { slug: string } }[],
  site: { vlanPool: string; vniPool: string },
): { vlanId: number | null; vni: number | null } {
  if (input.uplink === "none") return { vlanId: null, vni: null };
  const key = input.uplink === "vlan" ? "vlanId" : "vni";
  const word = input.uplink === "vlan" ? "VLAN id" : "VNI";
  const taken = new Set(all.flatMap((row) => row[key] ?? []));
  const asked = input[key];
  const holder = asked === undefined ? undefined : all.find((row) => row[key] === asked);
  if (holder)
    throw new UserError("conflict", `The ${word} ${asked} is the segment ${holder.name}'s of ${holder.tenant.slug}. Choose another.`, key);
  const number = asked ?? nextNumber(input.uplink === "vlan" ? site.vlanPool : site.vniPool, taken, word);
  return { vlanId: null, vni: null, [key]: number };
}

/** The audit row, and a word to the reconciler and to pages. */
export async function said(
  tx: Tx,
  ctx: ActorCtx,
  action: string,
  segment: { id: string; name: string; tenantId: string },
  what: string,
  changes: ReturnType<typeof columnChanges> = null,
): Promise<void> {
  const { id, name, tenantId } = segment;
  await audit(tx, ctx.actor, { action, resource: `segment:${id}`, resourceName: name, tenantId, detail: { what, ...changes } });
  await notify(tx, "desired", id);
  await notify(tx, "observed", "*");
}
