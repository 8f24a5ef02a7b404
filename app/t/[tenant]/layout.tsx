import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "../../../components/api/providers.tsx";
import { seed } from "../../../components/api/seed.ts";
import { load, me, tenantHome } from "../../../components/api/server.ts";
import { TenantFrame } from "../../../components/shell/tenant-frame.tsx";

export default async function TenantLayout({ children, params }: { children: ReactNode; params: Promise<{ tenant: string }> }) {
  const { tenant } = await params;
  const path = `/t/${tenant}`;
  const [person, home, jar] = await Promise.all([load(me(), path), load(tenantHome(tenant), path), cookies()]);
  return (
    <Providers>
      <TenantFrame me={person} home={seed(home)} shortcuts={jar.get("shortcuts")?.value !== "off"}>
        {children}
      </TenantFrame>
    </Providers>
  );
}
