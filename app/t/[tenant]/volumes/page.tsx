import type { Metadata } from "next";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";
import { Volumes } from "../../../../components/volumes/volumes.tsx";

export const metadata: Metadata = { title: "Volumes" };

export default async function VolumesPage({ params }: { params: Promise<{ tenant: string }> }) {
  const { tenant } = await params;
  const volumes = await load((await api()).volumes.list({ tenant }), `/t/${tenant}/volumes`);
  return <Volumes tenant={tenant} volumes={seed(volumes)} />;
}
