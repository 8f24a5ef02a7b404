import type { Metadata } from "next";
import { api, load } from "../../../components/api/server.ts";
import { SiteVolumes } from "../../../components/site/volumes.tsx";

export const metadata: Metadata = { title: "Volumes of the site" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SiteVolumesPage({ searchParams }: Props) {
  const { q, cursor } = await searchParams;
  // A mistyped address shows more, never an error.
  const asked = {
    ...(typeof q === "string" && q.trim() !== "" ? { q } : {}),
    ...(typeof cursor === "string" && /^\d{1,6}$/.test(cursor) ? { cursor } : {}),
  };
  const volumes = await load((await api()).site.volumes(asked), "/site/volumes");
  return <SiteVolumes volumes={volumes} q={asked.q ?? ""} from={Number(asked.cursor ?? 0)} />;
}
