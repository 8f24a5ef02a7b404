import type { Metadata } from "next";
import { api, load } from "../../../components/api/server.ts";
import { Audit, cursorOf } from "../../../components/site/audit.tsx";

export const metadata: Metadata = { title: "Audit of the site" };

export default async function SiteAuditPage({ searchParams }: { searchParams: Promise<{ cursor?: string | string[] }> }) {
  const cursor = cursorOf(await searchParams);
  const page = await load((await api()).site.audit(cursor ? { cursor } : {}), "/site/audit");
  return <Audit page={page} path="/site/audit" first={cursor === undefined} />;
}
