"use client";
import { ChevronsUpDown } from "lucide-react";
import { Menu, MenuLabel, MenuLink, MenuSeparator } from "../ui/menu.tsx";

export interface TenantChoice {
  slug: string;
  name: string;
}

/** Which tenant one is in, and the way to the others. */
export function TenantSwitcher({
  current,
  tenants,
  siteAdmin,
}: {
  current: TenantChoice | null;
  tenants: TenantChoice[];
  siteAdmin: boolean;
}) {
  const others = tenants.some((tenant) => tenant.slug !== current?.slug);
  if (!current && !others) return null;
  if (current && !others && !siteAdmin) {
    return (
      <p className="flex h-9 items-center truncate rounded-md border px-3 font-medium pointer-coarse:h-10">
        <span className="sr-only">Tenant </span>
        {current.name}
      </p>
    );
  }
  return (
    <Menu
      align="start"
      wide
      trigger={
        <button
          type="button"
          className="flex h-9 w-full items-center justify-between gap-2 rounded-md border border-control bg-surface px-3 text-left font-medium pointer-coarse:h-10 hover:bg-sunken data-popup-open:bg-sunken"
        >
          <span className="truncate">
            <span className="sr-only">Tenant: </span>
            {current?.name ?? "Choose a tenant"}
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 text-muted" />
        </button>
      }
    >
      <MenuLabel>Tenants</MenuLabel>
      {tenants.map((tenant) => (
        <MenuLink key={tenant.slug} href={`/t/${tenant.slug}`} current={tenant.slug === current?.slug}>
          {tenant.name}
        </MenuLink>
      ))}
      {siteAdmin ? (
        <>
          <MenuSeparator />
          <MenuLink href="/site/tenants">All tenants</MenuLink>
        </>
      ) : null}
    </Menu>
  );
}
