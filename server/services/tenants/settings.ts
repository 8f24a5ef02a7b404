import { z } from "zod";
import { EgressRule, egressText } from "../../../agents/protocol/egress.ts";
import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db.ts";
import { UserError } from "../../errors.ts";
import { usableFlavors } from "../flavors/usable.ts";
import { distributionColumns, distributionsOf, listed } from "./distributions.ts";
import { limitWords } from "./limit-words.ts";
import { limitColumns, type TenantSettings } from "./schemas.ts";
import { chosenSets, setNames, setsOf } from "./sets.ts";
import { limitsOf, usualLimits } from "./usage.ts";

/**
 * Settings as columns; only those that were said.
 * @param tenantId decides which flavors it may use
 * @throws UserError for a distribution or flavor that is not there
 */
export async function settingColumns(
  tx: Tx,
  tenantId: string,
  input: z.output<typeof TenantSettings>,
): Promise<Prisma.TenantUncheckedUpdateInput> {
  const { name, egress, egressList, hostTags, flavor } = input;
  return {
    ...(name === undefined ? {} : { name }),
    ...(egress === undefined ? {} : { egress }),
    ...(egressList === undefined ? {} : { egressList }),
    ...(hostTags === undefined ? {} : { hostTags: [...new Set(hostTags)] }),
    ...(await setColumns(tx, tenantId, input)),
    ...limitColumns("max", input.limits),
    ...limitColumns("userMax", input.personLimits),
    ...(await distributionColumns(tx, tenantId, input)),
    ...(flavor === undefined ? {} : { defaultFlavorId: flavor && (await knownFlavor(tx, tenantId, flavor)) }),
  };
}

async function setColumns(tx: Tx, id: string, input: z.output<typeof TenantSettings>): Promise<Prisma.TenantUncheckedUpdateInput> {
  if (input.capabilitySets === undefined && input.capabilitySet === undefined) return {};
  const row = await tx.tenant.findUniqueOrThrow({ where: { id }, select: { capabilitySets: true, capabilitySet: true } });
  return chosenSets(setsOf(row), input);
}

async function knownFlavor(tx: Tx, tenantId: string, slug: string): Promise<string> {
  const rows = await tx.flavor.findMany({ where: usableFlavors(tenantId), select: { id: true, slug: true }, orderBy: { position: "asc" } });
  const found = rows.find((row) => row.slug === slug);
  if (found) return found.id;
  const known = rows.map((row) => row.slug).join(", ");
  throw new UserError("bad_request", `There is no flavor ${slug} that the tenant may use. Choose one of: ${known}.`, "flavor");
}

/** A tenant's destinations as people write them. */
export function egressTexts(row: { egressList: unknown }): string[] {
  return z.array(EgressRule).parse(row.egressList).map(egressText);
}

/** A tenant's settings under the names that people know, for the audit trail. */
export async function settingWords(tx: Tx, tenantId: string): Promise<Record<string, unknown>> {
  const row = await tx.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    include: { ...listed, defaultFlavor: { select: { slug: true } } },
  });
  return {
    name: row.name,
    ...limitWords(limitsOf(row)),
    ...limitWords(usualLimits(row), " a person"),
    distribution: row.defaultDistributionId,
    distributions: distributionsOf(row) ?? "all",
    flavor: row.defaultFlavor?.slug ?? null,
    "host tags": row.hostTags,
    egress: row.egress,
    "egress list": egressTexts(row).join("; "),
    "capability sets": setNames(setsOf(row).capabilitySets),
    "usual set": setNames([setsOf(row).capabilitySet]),
  };
}
