"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx.ts";

export interface Tab {
  title: string;
  href: string;
  /** A count at the right of the title. */
  count?: number | null;
}

/** Tabs are addresses: links in a navigation, the current one by the path. */
export function Tabs({ label, tabs, aside }: { label: string; tabs: Tab[]; aside?: ReactNode }) {
  const path = usePathname();
  const current = tabs
    .filter((tab) => path === tab.href || path.startsWith(`${tab.href}/`))
    .sort((a, b) => b.href.length - a.href.length)[0];
  const strip = useRef<HTMLElement>(null);
  const at = current?.href;
  // Where not all fit, the current one is among those in sight.
  useEffect(() => {
    const nav = strip.current;
    const link = at === undefined ? null : nav?.querySelector("[aria-current=page]");
    if (!nav || !link) return;
    const [whole, part] = [nav.getBoundingClientRect(), link.getBoundingClientRect()];
    nav.scrollLeft += part.left + part.width / 2 - (whole.left + whole.width / 2);
  }, [at]);
  return (
    <div className="mb-4 flex items-end justify-between gap-4 border-b">
      {/* A phone has no room for all: what goes on beyond the edge fades there. */}
      <nav
        ref={strip}
        aria-label={label}
        className="scroll-x -mb-px max-sm:[mask-image:linear-gradient(to_right,#000_calc(100%-2rem),transparent)]"
      >
        <ul className="flex gap-1 max-sm:w-max max-sm:pr-8">
          {tabs.map((tab) => (
            <li key={tab.href}>
              <Link
                href={tab.href}
                aria-current={tab === current ? "page" : undefined}
                className={cx(
                  "flex h-9 items-center gap-1.5 whitespace-nowrap border-b-2 px-2.5 pointer-coarse:h-10 focus-visible:-outline-offset-2",
                  tab === current
                    ? "border-accent font-medium text-text"
                    : "border-transparent text-muted hover:border-control hover:text-text",
                )}
              >
                {tab.title}
                {tab.count == null ? null : <span className="text-muted text-sm">{tab.count}</span>}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {aside ? <div className="pb-1.5">{aside}</div> : null}
    </div>
  );
}
