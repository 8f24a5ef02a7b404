import type { Metadata } from "next";
import { api, load } from "../../../components/api/server.ts";
import { Segments } from "../../../components/site/segments.tsx";

export const metadata: Metadata = { title: "Network" };

export default async function NetworkPage() {
  return <Segments tenants={await load((await api()).site.tenants(), "/site/network")} />;
}
