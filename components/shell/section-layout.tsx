import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "../api/providers.tsx";
import { load, me } from "../api/server.ts";
import { sidebarTenant } from "../home/first-page.ts";
import { Frame } from "./frame.tsx";

/** The frame of pages that belong to no tenant (account, site): the sidebar keeps the tenant one came from. */
export async function SectionLayout({ path, children }: { path: string; children: ReactNode }) {
  const [person, jar] = await Promise.all([load(me(), path), cookies()]);
  const tenant = sidebarTenant(person, jar.get("tenant")?.value);
  return (
    <Providers>
      <Frame me={person} tenant={tenant} clusters={null} shortcuts={jar.get("shortcuts")?.value !== "off"}>
        {children}
      </Frame>
    </Providers>
  );
}
