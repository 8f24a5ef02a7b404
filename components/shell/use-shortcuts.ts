"use client";
import { useRouter } from "next/navigation";
import { useHotkeys } from "react-hotkeys-hook";

/** Where the keys lead; null where there is no such place for this person. */
export interface Targets {
  home: string | null;
  clusters: string | null;
  create: string | null;
}

/** The keys of every page. Single letters do nothing while typing, over a dialog, or when switched off. */
export function useShortcuts(targets: Targets, enabled: boolean, openPalette: () => void, openHelp: () => void): void {
  const router = useRouter();
  const go = (href: string | null) => {
    if (href && !dialogOpen()) router.push(href);
  };
  const single = { enabled, preventDefault: true };
  useHotkeys("mod+k", openPalette, { preventDefault: true, enableOnFormTags: true });
  useHotkeys(
    "slash",
    () => {
      const search = document.querySelector<HTMLInputElement>("main [data-search], main input[type=search]");
      if (search) search.focus();
      else if (!dialogOpen()) openPalette();
    },
    single,
  );
  useHotkeys("c", () => go(targets.create), single);
  useHotkeys("g>c", () => go(targets.clusters), single);
  useHotkeys("g>h", () => go(targets.home), single);
  useHotkeys("shift+slash", openHelp, single);
  useHotkeys("j", () => moveRow(1), single);
  useHotkeys("k", () => moveRow(-1), single);
}

function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"],[role="alertdialog"]') !== null;
}

/** Puts the focus on the first link or button of the next row of a table. */
function moveRow(step: 1 | -1): void {
  if (dialogOpen()) return;
  const rows = [...document.querySelectorAll("main tbody tr")];
  const targets = rows.map((row) => row.querySelector<HTMLElement>("a[href], button")).filter((target) => target !== null);
  if (targets.length === 0) return;
  const row = document.activeElement?.closest("tr");
  const at = targets.findIndex((target) => target.closest("tr") === row);
  const next = at === -1 ? (step === 1 ? 0 : targets.length - 1) : Math.min(targets.length - 1, Math.max(0, at + step));
  targets[next]?.focus();
}
