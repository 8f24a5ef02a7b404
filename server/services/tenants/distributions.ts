import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";

interface Asked {
  /** Ids of those that it may use; null: all of them. */
  distributions?: string[] | null | undefined;
  /** The one that Create offers first; null: the newest. */
  distribution?: string | null | undefined;
}

/**
 * What a tenant may use, and what is offered first, when one or both of them are said. The first one goes when it is not among them any more.
 * @throws UserError for a distribution that is not there or that it may not use, and for an empty list
 */
export async function distributionColumns(tx: Tx, id: string, asked: Asked): Promise<Prisma.TenantUncheckedUpdateInput> {
  if (asked.distributions === undefined && asked.distribution === undefined) return {};
  const select = { defaultDistributionId: true, distributionsLimited: true, distributions: { select: { distributionId: true } } };
  const row = await tx.tenant.findUniqueOrThrow({ where: { id }, select });
  const all = await tx.distribution.findMany({ select: { id: true, name: true, retired: true }, orderBy: { position: "asc" } });
  const before = row.distributionsLimited ? row.distributions.map((one) => one.distributionId) : null;
  const may = asked.distributions === undefined ? before : asked.distributions && [...new Set(asked.distributions)];
  const offered = all.filter((one) => !one.retired && (may?.includes(one.id) ?? true));
  const words = (rows: typeof all): string => rows.map((one) => one.id).join(", ") || "none";
  const unknown = (text: string, field: string): never => {
    const known = words(all.filter((one) => !one.retired));
    throw new UserError("bad_request", `There is no distribution ${text}. Choose among: ${known}.`, field);
  };
  const strange = asked.distributions?.find((text) => !all.some((one) => one.id === text));
  if (strange !== undefined) unknown(strange, "distributions");
  if (asked.distributions?.length === 0)
    throw new UserError("bad_request", "Name at least one distribution that the tenant may use, or let it use all.", "distributions");
  const first = asked.distribution;
  if (first && !offered.some((one) => one.id === first)) {
    const found = all.find((one) => one.id === first && !one.retired) ?? unknown(first, "distribution");
    throw new UserError(
      "bad_request",
      `The tenant may not use ${found.name}, so it cannot be offered first. It may use: ${words(offered)}.`,
      "distribution",
    );
  }
  const usual = first === undefined ? row.defaultDistributionId : first;
  return {
    defaultDistributionId: usual !== null && may?.includes(usual) === false ? null : usual,
    ...(asked.distributions === undefined
      ? {}
      : {
          distributionsLimited: may !== null,
          distributions: { deleteMany: {}, createMany: { data: (may ?? []).map((distributionId) => ({ distributionId })) } },
        }),
  };
}

/** Ids that a tenant may use, in the catalogue's order; null: all. For a row that was read with `listed`. */
export function distributionsOf(row: Prisma.TenantGetPayload<{ include: typeof listed }>): string[] | null {
  return row.distributionsLimited ? row.distributions.map((one) => one.distributionId) : null;
}

export const listed = {
  distributions: { select: { distributionId: true }, orderBy: { distribution: { position: "asc" } } },
} satisfies Prisma.TenantInclude;
