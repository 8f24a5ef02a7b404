"use client";
import type { TenantDetailView } from "../../../server/services/tenants/schemas.ts";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";

/** A tenant that is kept fresh; while it is being deleted one looks more often. */
export function useTenant(seeded: Seed<TenantDetailView>) {
  const trpc = useTRPC();
  const every = seeded.data.state === "deleting" ? 3000 : 10_000;
  return useSeeded({ ...trpc.siteTenants.get.queryOptions({ tenant: seeded.data.slug }), refetchInterval: every, retry: false }, seeded);
}
