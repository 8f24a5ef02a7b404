"use client";
import { ChevronsUpDown, CircleUser, Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Menu, MenuItem, MenuLink, MenuRadio, MenuSeparator } from "../ui/menu.tsx";
import { signOut } from "./auth.ts";
import { chooseTheme, currentTheme } from "./cookies.ts";

const icon = "size-4 text-muted";

function subscribeTheme(notify: () => void) {
  const observer = new MutationObserver(notify);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** Who is signed in; account, theme, keys and the way out. */
export function PersonMenu({ name, detail, onHelp }: { name: string; detail: string; onHelp: () => void }) {
  const theme = useSyncExternalStore(subscribeTheme, currentTheme, () => "system" as const);
  return (
    <Menu
      side="top"
      align="start"
      wide
      trigger={
        <button
          type="button"
          className="flex h-11 w-full items-center justify-between gap-2 rounded-md px-2 text-left hover:bg-sunken data-popup-open:bg-sunken"
        >
          <span className="flex min-w-0 items-center gap-2.5">
            <CircleUser aria-hidden="true" className="size-5 shrink-0 text-muted" strokeWidth={1.5} />
            <span className="min-w-0">
              <span className="block truncate font-medium">{name}</span>
              <span className="block truncate font-normal text-muted text-xs">{detail}</span>
            </span>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 text-muted" />
        </button>
      }
    >
      <MenuLink href="/me" icon={<CircleUser aria-hidden="true" className={icon} />}>
        Account and tokens
      </MenuLink>
      <MenuItem icon={<Keyboard aria-hidden="true" className={icon} />} onClick={onHelp}>
        Keyboard
      </MenuItem>
      <MenuSeparator />
      <MenuRadio
        label="Theme"
        value={theme}
        onChange={(value) => chooseTheme(value === "light" || value === "dark" ? value : "system")}
        options={[
          { value: "system", label: "As the system", icon: <Monitor aria-hidden="true" className={icon} /> },
          { value: "light", label: "Light", icon: <Sun aria-hidden="true" className={icon} /> },
          { value: "dark", label: "Dark", icon: <Moon aria-hidden="true" className={icon} /> },
        ]}
      />
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden="true" className={icon} />} onClick={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
