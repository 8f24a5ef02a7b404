import type { Metadata } from "next";
import { seed } from "../../components/api/seed.ts";
import { api, load } from "../../components/api/server.ts";
import { Overview } from "../../components/site/overview.tsx";

export const metadata: Metadata = { title: "Site" };

export default async function SitePage() {
  const caller = await api();
  const [overview, tenants] = await Promise.all([load(caller.site.overview(), "/site"), load(caller.site.tenants(), "/site")]);
  return <Overview overview={seed(overview)} tenants={tenants} />;
}
