import type { Metadata } from "next";
import { seed } from "../../../components/api/seed.ts";
import { api, load, me } from "../../../components/api/server.ts";
import { DirectoryPage } from "../../../components/directory/directory-page.tsx";

export const metadata: Metadata = { title: "Directory" };

export default async function DirectoryRoute() {
  const caller = await api();
  const [view, mappings, person] = await load(Promise.all([caller.directory.show(), caller.directory.mappings(), me()]), "/site/directory");
  return (
    <DirectoryPage
      view={seed(view)}
      mappings={seed(mappings)}
      tenants={person.tenants.map(({ slug, name }) => ({ slug, name }))}
      username={person.username}
    />
  );
}
