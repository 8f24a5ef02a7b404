import type { Deps } from "../context.ts";

const weekMs = 7 * 86_400_000;

export interface ExpiringHost {
  name: string;
  expiresAt: Date;
  /** "ends in 3 days; …" */
  detail: string;
}

/**
 * Hosts whose certificate ends within a week. It is renewed ten days before its end, so something keeps the host from reaching the platform, and
 * when it has ended only a new enrolment helps.
 */
export async function expiringHosts({ db, now }: Pick<Deps, "db" | "now">): Promise<ExpiringHost[]> {
  const at = now();
  const rows = await db.host.findMany({
    where: { certificate: { not: null }, certificateExpiresAt: { lt: new Date(at.getTime() + weekMs) } },
    select: { name: true, certificateExpiresAt: true },
    orderBy: { certificateExpiresAt: "asc" },
  });
  return rows.flatMap(({ name, certificateExpiresAt: expiresAt }) => {
    if (!expiresAt) return [];
    const days = Math.ceil((expiresAt.getTime() - at.getTime()) / 86_400_000);
    const ends =
      days > 0
        ? `its certificate ends in ${days} ${days === 1 ? "day" : "days"} and was not renewed: its agent's log says why`
        : `its certificate has ended: enrol it again (kindling host enrol ${name})`;
    return [{ name, expiresAt, detail: ends }];
  });
}
