import { isIPv4 } from "node:net";
import { z } from "zod";
import { Id } from "../../../agents/protocol/ids.ts";
import { type Db, notify, type Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import type { NewId } from "../../ids.ts";
import { hashSecret } from "../../secrets.ts";
import { audit } from "../audit/write.ts";
import { InvitedSettings } from "./enrol-schemas.ts";

/** What a machine sends that wants to become a host. */
export const UseToken = z.object({
  token: z.string().min(1).max(200),
  /** PKCS #10, PEM. */
  request: z.string().max(4000),
  hostname: z.string().max(255),
  /** Where its agent will listen. */
  port: z.number().int().min(1).max(65_535),
  /** The id that it has from an earlier enrolment; it keeps it where nothing speaks against that. */
  host: Id.optional(),
});

export interface Issued {
  certificate: string;
  /** SHA-256 of its public key, hex. */
  pin: string;
  expiresAt: Date;
}

export interface EnrolDeps {
  readonly db: Db;
  readonly now: () => Date;
  readonly newId: NewId;
  /** Signs for a host. */
  readonly issue: (request: string, host: string) => Promise<Issued>;
}

/** Milliseconds: many may come at once. */
const patience = { maxWait: 15_000, timeout: 20_000 };

/** Why a token does not count, with the command that makes a new one. Whoever asks has the token itself, or learns nothing from this. */
async function refusalOf(tx: Tx, tokenHash: string): Promise<UserError> {
  const row = await tx.enrolment.findUnique({ where: { tokenHash }, select: { hostName: true, hostId: true } });
  const known = row?.hostId ? await tx.host.count({ where: { id: row.hostId } }) : 0;
  const next = row
    ? `"kindling host ${known > 0 ? "enrol" : "add"} ${row.hostName}"`
    : '"kindling host add" for a new host, or "kindling host enrol" for one that there is';
  return new UserError(
    "forbidden",
    `This token does not count: it was used, has ended (a token is good for 15 minutes) or was withdrawn. Make a new command with ${next}.`,
  );
}

/** A machine that is one host becomes no other by mistake: its nodes and disks would be nobody's. @throws UserError conflict */
async function refuseOther(tx: Tx, wished: string | undefined, hostId: string | null, name: string): Promise<void> {
  const mine = wished && wished !== hostId ? await tx.host.findUnique({ where: { id: wished }, select: { name: true } }) : null;
  if (mine)
    throw new UserError(
      "conflict",
      `This machine is the host ${mine.name}, and the command is for ${name}: run it on that machine; it still counts. For a new certificate ` +
        `of ${mine.name} make a command with "kindling host enrol ${mine.name}"; to use this machine as another host, remove ${mine.name} first.`,
    );
}

/** The host's address: the one that was named, else the IPv4 address that it came from, where no other host has it. @throws UserError conflict */
async function addressFor(tx: Tx, named: string | null, from: string): Promise<string | null> {
  const address = named ?? (isIPv4(from) && !from.startsWith("127.") ? from : null);
  const other = address === null ? null : await tx.host.findFirst({ where: { address }, select: { name: true } });
  if (other && named !== null)
    throw new UserError("conflict", `${other.name} has the address ${named} by now. Add this host with another one.`);
  // Several may come from behind one address; then each is reached for tunnels by what it reports.
  return other ? null : address;
}

/**
 * Uses up a token and makes the host's row, in one transaction: of twenty that come at once with the same token one wins, and a request that
 * cannot be signed uses up nothing.
 * @param from the address that it came from
 */
export async function redeemToken(
  { db, now, newId, issue }: EnrolDeps,
  input: z.output<typeof UseToken>,
  from: string,
): Promise<{ host: string; name: string; certificate: string }> {
  const tokenHash = hashSecret(input.token);
  const at = now();
  return db.$transaction(async (tx) => {
    // The row is locked from here on; whoever waits for it then finds it used.
    const { count } = await tx.enrolment.updateMany({ where: { tokenHash, usedAt: null, expiresAt: { gt: at } }, data: { usedAt: at } });
    const invited = count === 1 ? await tx.enrolment.findUnique({ where: { tokenHash } }) : null;
    if (!invited) throw await refusalOf(tx, tokenHash);
    const { hostName: name, hostId } = invited;
    await refuseOther(tx, input.host, hostId, name);
    const settings = InvitedSettings.parse(invited.settings);
    const id = hostId ?? (await freeId(tx, input.host, newId));
    const { certificate, pin, expiresAt } = await issue(input.request, id);
    const address = settings.address ?? from;
    const shown = {
      endpoint: `https://${address.includes(":") ? `[${address}]` : address}:${input.port}`,
      certificate: pin,
      certificateExpiresAt: expiresAt,
    };
    if (hostId) {
      if ((await tx.host.updateMany({ where: { id }, data: shown })).count === 0)
        throw new UserError("conflict", `The host ${name} was removed meanwhile. Add it anew.`);
    } else {
      if ((await tx.host.count({ where: { name } })) > 0)
        throw new UserError("conflict", `There is a host ${name} already. Add this one under another name.`);
      const { tags, tenantId, vlanParent } = settings;
      const own = await addressFor(tx, settings.address, from);
      await tx.host.create({ data: { id, name, createdAt: at, ...shown, address: own, tags, tenantId, vlanParent } });
    }
    await tx.enrolment.update({ where: { id: invited.id }, data: { hostId: id } });
    const message = `${input.hostname.replace(/[^\w.-]/g, "?")} was enrolled from ${from}.`;
    await tx.hostEvent.create({ data: { hostId: id, at, kind: "enrolled", message } });
    const actor = { userId: invited.createdById, displayName: settings.createdBy, ip: from };
    await audit(tx, actor, { action: "host.enrol", resource: `host:${id}`, resourceName: name, detail: { what: message } });
    await notify(tx, "desired", "*");
    return { host: id, name, certificate };
  }, patience);
}

/** A machine whose row an older database does not have keeps its id, and with it what its agent knows; an id that is taken is another host's. */
async function freeId(tx: Tx, wished: string | undefined, newId: NewId): Promise<string> {
  return wished?.startsWith("h") && (await tx.host.count({ where: { id: wished } })) === 0 ? wished : newId("h");
}

/**
 * Renews the certificate of a host that showed its present one: for the same key, so that nothing changes for whoever knows the host by it.
 * @param pin SHA-256 of the key in the certificate that it showed
 */
export async function renewHost({ db, issue }: EnrolDeps, host: string, pin: string, request: string): Promise<{ certificate: string }> {
  const known = await db.host.findFirst({ where: { id: host, certificate: pin }, select: { id: true } });
  if (!known) throw new UserError("forbidden", "This host was removed, or its certificate revoked. Enrol it again to use it.");
  const issued = await issue(request, host);
  if (issued.pin !== pin)
    throw new UserError("forbidden", "A renewed certificate is for the same key. For a new key enrol the host again.");
  const { count } = await db.host.updateMany({ where: { id: host, certificate: pin }, data: { certificateExpiresAt: issued.expiresAt } });
  if (count === 0) throw new UserError("forbidden", "This host was removed, or its certificate revoked. Enrol it again to use it.");
  return { certificate: issued.certificate };
}
