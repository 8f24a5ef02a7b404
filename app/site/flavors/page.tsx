import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load } from "../../../components/api/server.ts";
import { FlavorsPage } from "../../../components/flavors/flavors-page.tsx";

export const metadata: Metadata = { title: "Flavors" };

export default async function FlavorsRoute() {
  return <FlavorsPage flavors={seed(await load((await api()).siteFlavors.list(), "/site/flavors"))} />;
}
