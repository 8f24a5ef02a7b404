"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import type { Me, TenantHome } from "../../server/services/views.ts";
import { failure } from "../api/failure.ts";
import { LiveProvider } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { NoLonger } from "../home/no-longer.tsx";
import { Notice } from "../ui/notice.tsx";
import { rememberTenant } from "./cookies.ts";
import { Frame } from "./frame.tsx";

/** The frame of a tenant's pages: one subscription, and a count that is always right. */
export function TenantFrame({
  me,
  home,
  shortcuts,
  children,
}: {
  me: Me;
  home: Seed<TenantHome>;
  shortcuts: boolean;
  children: ReactNode;
}) {
  const { slug } = home.data.tenant;
  const trpc = useTRPC();
  const { data, error } = useSeeded(trpc.tenants.home.queryOptions({ tenant: slug }), home);
  useEffect(() => rememberTenant(slug), [slug]);
  // Another role than the page was made for: the server says anew what this page shows, or that it is no longer theirs.
  const { refresh } = useRouter();
  const changed = data.role !== home.data.role;
  useEffect(() => {
    if (changed) refresh();
  }, [changed, refresh]);
  // Taken out of the last group that gave them the tenant: nothing of it stays on the screen.
  if (error && failure(error).kind === "not_found") return <NoLonger name={me.displayName} tenant={data.tenant.name} />;
  return (
    <LiveProvider tenant={slug}>
      <Frame me={me} tenant={{ ...data.tenant, role: data.role }} clusters={data.counts.all} shortcuts={shortcuts}>
        {data.closed ? (
          <div className="mb-4">
            <Notice tone="warn" role="status">
              {data.closed}
            </Notice>
          </div>
        ) : null}
        {children}
      </Frame>
    </LiveProvider>
  );
}
