import type { Metadata } from "next";
import { api, load, me } from "../../../components/api/server.ts";
import { Audit } from "../../../components/audit/audit.tsx";
import { ChainCard } from "../../../components/audit/chain-card.tsx";
import { trailFor } from "../../../components/audit/load.ts";
import { auditParams } from "../../../components/audit/params.ts";

export const metadata: Metadata = { title: "Audit of the site" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SiteAuditPage({ searchParams }: Props) {
  const asked = auditParams(await searchParams);
  const caller = await api();
  const path = "/site/audit";
  const [{ tenants }, found, head] = await Promise.all([
    load(me(), path),
    load(
      trailFor(asked, (params) => caller.site.audit(params)),
      path,
    ),
    load(caller.site.auditHead(), path),
  ]);
  return (
    <>
      <Audit page={found.page} params={found.asked} path={path} tenants={tenants} attested="site" />
      <ChainCard head={head} />
    </>
  );
}
