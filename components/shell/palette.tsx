"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useId, useState } from "react";
import { useTRPC } from "../api/trpc.ts";
import { cx } from "../ui/cx.ts";
import { backdropStyle, popupStyle } from "../ui/popup.ts";
import { type Entry, match, type PaletteGroup } from "./palette-match.ts";

export interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  groups: PaletteGroup[];
  tenant: string | null;
}

/** Everything there is to go to or do, found by typing a few letters. */
export default function Palette({ open, onOpenChange, groups, tenant }: PaletteProps) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const id = useId();
  const router = useRouter();
  const trpc = useTRPC();
  const clusters = useQuery({
    ...trpc.clusters.list.queryOptions({ tenant: tenant ?? "", scope: "all", limit: 50 }),
    enabled: open && tenant !== null,
  });
  const found: Entry[] = (clusters.data?.rows ?? []).map((row) => ({
    title: row.name,
    detail: row.distribution,
    href: `/t/${tenant}/clusters/${row.id}`,
  }));
  const shown = match([...(found.length > 0 ? [{ title: "Clusters", entries: found }] : []), ...groups], query);
  const flat = shown.flatMap((group) => group.entries);
  const at = Math.min(active, Math.max(0, flat.length - 1));

  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) {
      setQuery("");
      setActive(0);
    }
  };
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    close(false);
    if (entry.run) entry.run();
    else if (entry.href) router.push(entry.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && flat.length > 0) {
      event.preventDefault();
      const next = (at + step + flat.length) % flat.length;
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(flat[at]);
    }
  };

  return (
    <Base.Root open={open} onOpenChange={close}>
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Viewport className="fixed inset-0 z-50 flex items-start justify-center p-3 sm:pt-[12vh]">
          <Base.Popup className={cx(popupStyle, "flex max-h-[min(28rem,80dvh)] w-full max-w-xl flex-col overflow-hidden")}>
            <Base.Title className="sr-only">Go to anything</Base.Title>
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden="true" className="size-4 shrink-0 text-muted" />
              <input
                role="combobox"
                aria-label="Go to anything"
                aria-expanded="true"
                aria-controls={`${id}-list`}
                aria-activedescendant={flat.length > 0 ? `${id}-${at}` : undefined}
                autoComplete="off"
                spellCheck={false}
                placeholder="Go to a cluster, a page, an action"
                value={query}
                onChange={(event) => {
                  setQuery(event.target.value);
                  setActive(0);
                }}
                onKeyDown={onKeyDown}
                className="h-12 w-full bg-transparent text-lg outline-none"
              />
            </div>
            <div id={`${id}-list`} role="listbox" aria-label="Results" className="overflow-y-auto p-1.5">
              {flat.length === 0 ? <p className="px-3 py-6 text-center text-muted">Nothing matches “{query}”.</p> : null}
              {shown.map((group) => (
                // biome-ignore lint/a11y/useSemanticElements: a group of options, not of form fields
                <div key={group.title} role="group" aria-label={group.title}>
                  <div aria-hidden="true" className="px-2.5 pt-2 pb-1 text-muted text-xs">
                    {group.title}
                  </div>
                  {group.entries.map((entry) => {
                    const index = flat.indexOf(entry);
                    return (
                      // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns the list
                      <div
                        key={`${entry.title} ${entry.href ?? ""}`}
                        id={`${id}-${index}`}
                        role="option"
                        tabIndex={-1}
                        aria-selected={index === at}
                        onClick={() => choose(entry)}
                        onMouseMove={() => setActive(index)}
                        className="flex min-h-9 cursor-default items-center justify-between gap-4 rounded-md px-2.5 aria-selected:bg-sunken"
                      >
                        <span className="min-w-0 truncate">{entry.title}</span>
                        {entry.detail ? <span className="shrink-0 text-muted text-sm">{entry.detail}</span> : null}
                      </div>
                    );
                  })}
                </div>
              ))}
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
