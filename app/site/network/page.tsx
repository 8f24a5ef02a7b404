import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load, me } from "../../../components/api/server.ts";
import { NetworkPage } from "../../../components/segments/network-page.tsx";

export const metadata: Metadata = { title: "Segments" };

export default async function NetworkRoute() {
  const caller = await api();
  const [segments, settings, { tenants }] = await load(
    Promise.all([caller.segments.list(), caller.site.settings(), me()]),
    "/site/network",
  );
  return <NetworkPage segments={seed(segments)} settings={seed(settings)} tenants={tenants.map(({ slug, name }) => ({ slug, name }))} />;
}
