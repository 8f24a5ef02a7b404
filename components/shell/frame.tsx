"use client";
import { Menu as MenuIcon, Search } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { Me } from "../../server/services/views.ts";
import { Button } from "../ui/button.tsx";
import { Wordmark } from "../ui/flame.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";
import { signOut } from "./auth.ts";
import { chooseShortcuts, chooseTheme } from "./cookies.ts";
import { LocalAdminBanner } from "./local-admin-banner.tsx";
import { Nav } from "./nav.tsx";
import type { PaletteGroup } from "./palette-match.ts";
import { PersonMenu } from "./person-menu.tsx";
import { sections, type TenantRole } from "./sections.ts";
import { TenantSwitcher } from "./tenant-switcher.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const Drawer = dynamic(() => import("../ui/drawer.tsx").then((module) => module.Drawer), { ssr: false });
const Palette = dynamic(() => import("./palette.tsx"), { ssr: false });
const Help = dynamic(() => import("./help.tsx").then((module) => module.Help), { ssr: false });

export interface FrameProps {
  me: Me;
  tenant: { slug: string; name: string; role: TenantRole } | null;
  clusters: number | null;
  shortcuts: boolean;
  children: ReactNode;
}

/** Sidebar on a wide window, top bar with a drawer on a narrow one, and the keys that work everywhere. */
export function Frame({ me, tenant, clusters, shortcuts, children }: FrameProps) {
  const palette = useLazyOpen();
  const help = useLazyOpen();
  const drawer = useLazyOpen();
  const [keys, setKeys] = useState(shortcuts);
  const places = sections(me, tenant);
  const home = tenant ? `/t/${tenant.slug}` : "/site";
  const create = tenant ? `/t/${tenant.slug}/clusters/new` : null;
  useShortcuts(
    { home, clusters: tenant ? `/t/${tenant.slug}/clusters` : null, create },
    keys,
    () => palette.setOpen(true),
    () => help.setOpen(true),
  );

  const role = me.siteAdmin ? "Site administrator" : tenant?.role === "admin" ? "Tenant administrator" : me.username;
  const inside = (onNavigate?: () => void) => (
    <>
      <div className="px-2 pb-3">
        <TenantSwitcher current={tenant} tenants={me.tenants} siteAdmin={me.siteAdmin} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Nav sections={places} counts={{ clusters }} onNavigate={onNavigate} />
      </div>
      <div className="border-t p-2">
        <PersonMenu name={me.displayName} detail={role} onHelp={() => help.setOpen(true)} />
      </div>
    </>
  );

  return (
    <div className="lg:pl-56">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:translate-y-0"
      >
        Skip to the content
      </a>
      <aside aria-label="Sidebar" className="fixed inset-y-0 left-0 hidden w-56 flex-col border-r bg-surface lg:flex">
        <div className="flex h-14 items-center justify-between pr-2 pl-4">
          <Link href={home} className="rounded-md">
            <Wordmark />
          </Link>
          <Button variant="ghost" size="sm" onClick={() => palette.setOpen(true)}>
            <span className="sr-only">Go to anything</span>
            <Search aria-hidden="true" className="size-4 text-muted" />
            <Kbd>Ctrl K</Kbd>
          </Button>
        </div>
        {inside()}
      </aside>
      <header className="sticky top-0 z-20 flex h-12 items-center justify-between border-b bg-surface px-3 lg:hidden">
        <div className="flex min-w-0 items-center gap-2">
          <Button variant="ghost" size="icon" aria-label="Menu" aria-expanded={drawer.open} onClick={() => drawer.setOpen(true)}>
            <MenuIcon aria-hidden="true" className="size-5" />
          </Button>
          {drawer.mounted ? (
            <Drawer title="Menu" side="left" quiet open={drawer.open} onOpenChange={drawer.setOpen}>
              <div className="flex h-full flex-col">{inside(() => drawer.setOpen(false))}</div>
            </Drawer>
          ) : null}
          <Link href={home} className="rounded-md">
            <Wordmark />
          </Link>
        </div>
        <Button variant="ghost" size="icon" onClick={() => palette.setOpen(true)} aria-label="Go to anything">
          <Search aria-hidden="true" className="size-5" />
        </Button>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl px-4 pt-4 pb-10 outline-none sm:px-6 sm:pt-5">
        <LocalAdminBanner me={me} />
        {children}
      </main>
      {palette.mounted ? (
        <Palette
          open={palette.open}
          onOpenChange={palette.setOpen}
          tenant={tenant?.slug ?? null}
          groups={groups(places, me, create, () => help.setOpen(true))}
        />
      ) : null}
      {help.mounted ? (
        <Help
          open={help.open}
          onOpenChange={help.setOpen}
          enabled={keys}
          onEnabledChange={(on) => {
            setKeys(on);
            chooseShortcuts(on);
          }}
        />
      ) : null}
    </div>
  );
}

function groups(places: ReturnType<typeof sections>, me: Me, create: string | null, help: () => void): PaletteGroup[] {
  return [
    {
      title: "Do",
      entries: [
        ...(create ? [{ title: "Create a cluster", detail: "c", href: create }] : []),
        { title: "Create a token", href: "/me" },
        { title: "Light theme", run: () => chooseTheme("light") },
        { title: "Dark theme", run: () => chooseTheme("dark") },
        { title: "Theme of the system", run: () => chooseTheme("system") },
        { title: "Keyboard", detail: "?", run: help },
        { title: "Sign out", run: () => void signOut() },
      ],
    },
    ...places.map((section) => ({ title: section.title ?? "Pages", entries: section.places.map(({ title, href }) => ({ title, href })) })),
    { title: "Tenants", entries: me.tenants.map((tenant) => ({ title: tenant.name, href: `/t/${tenant.slug}` })) },
  ];
}
