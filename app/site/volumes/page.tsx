import type { Metadata } from "next";
import { api, load } from "../../../components/api/server.ts";
import { SiteVolumes } from "../../../components/site/volumes.tsx";

export const metadata: Metadata = { title: "Volumes of the site" };

export default async function SiteVolumesPage() {
  return <SiteVolumes volumes={await load((await api()).site.volumes(), "/site/volumes")} />;
}
