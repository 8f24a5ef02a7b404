import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load } from "../../../components/api/server.ts";
import { Images } from "../../../components/site/images.tsx";

export const metadata: Metadata = { title: "Images" };

export default async function ImagesPage() {
  return <Images images={seed(await load((await api()).site.images(), "/site/images"))} />;
}
