"use client";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { type Command, createReader } from "./keys.ts";

/** Where the keys lead; null where there is no such place for this person. */
export interface Targets {
  home: string | null;
  clusters: string | null;
  create: string | null;
}

/** The keys of every page. Single letters do nothing while typing, over a dialog, or when switched off; Ctrl/⌘ K always works. */
export function useShortcuts(targets: Targets, enabled: boolean, openPalette: () => void, openHelp: () => void): void {
  const router = useRouter();

  const go = (href: string | null) => {
    if (href) router.push(href);
  };
  const act: Record<Command, () => void> = {
    search() {
      const box = document.querySelector<HTMLInputElement>("main [data-search], main input[type=search]");
      if (box) box.focus();
      else openPalette();
    },
    create: () => go(targets.create),
    clusters: () => go(targets.clusters),
    home: () => go(targets.home),
    help: openHelp,
    next: () => moveRow(1),
    previous: () => moveRow(-1),
  };
  const run = useEffectEvent((event: KeyboardEvent, read: ReturnType<typeof createReader>) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    // The browser empties a search box at Escape; an empty one is left, so that the letters are keys again.
    if (event.key === "Escape" && event.target instanceof HTMLInputElement && event.target.type === "search" && event.target.value === "") {
      if (!overlayOpen()) event.target.blur();
      return;
    }
    if (!enabled || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target) || overlayOpen())
      return;
    const command = read(event.key, event.timeStamp);
    if (!command) return;
    event.preventDefault();
    act[command]();
  });

  useEffect(() => {
    const read = createReader();
    const listen = (event: KeyboardEvent) => run(event, read);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=combobox], [role=listbox]"))
  );
}

function overlayOpen(): boolean {
  return document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]') !== null;
}

/** Puts the focus on the first link or button of the next row of a table. */
function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll("main tbody tr")];
  const targets = rows.map((row) => row.querySelector<HTMLElement>("a[href], button")).filter((target) => target !== null);
  const row = document.activeElement?.closest("tr");
  const at = targets.findIndex((target) => target.closest("tr") === row);
  const next = at === -1 ? (step === 1 ? 0 : targets.length - 1) : Math.min(targets.length - 1, Math.max(0, at + step));
  targets[next]?.focus();
}
