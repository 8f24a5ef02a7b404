"use client";
import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Busy } from "../ui/busy.tsx";
import { cx } from "../ui/cx.ts";
import { currentPlace, type Section } from "./sections.ts";

/** The sections as links; the current place is marked for eyes and screen readers. */
export function Nav({
  sections,
  counts,
  onNavigate,
}: {
  sections: Section[];
  counts: { clusters: number | null };
  onNavigate?: () => void;
}) {
  const path = usePathname();
  const current = currentPlace(
    sections.flatMap((section) => section.places),
    path,
  );
  return (
    <nav aria-label="Main" className="px-2 pb-4">
      {sections.map((section) => (
        <div key={section.title ?? ""}>
          {section.title ? <h2 className="px-3 pt-4 pb-1.5 text-muted text-xs">{section.title}</h2> : null}
          <ul className="flex flex-col gap-0.5">
            {section.places.map((place) => {
              const here = place === current;
              const count = place.count ? counts[place.count] : null;
              return (
                <li key={place.href}>
                  <Link
                    href={place.href}
                    onClick={onNavigate}
                    aria-current={here ? "page" : undefined}
                    className={cx(
                      "relative flex h-8 items-center justify-between gap-2 rounded-md px-3 pointer-coarse:h-10 focus-visible:-outline-offset-2",
                      here
                        ? "bg-sunken font-medium text-text before:absolute before:inset-y-1 before:left-0 before:w-0.5 before:rounded-full before:bg-accent"
                        : "text-muted hover:bg-sunken hover:text-text",
                    )}
                  >
                    {place.title}
                    <Pending>{count}</Pending>
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

/** The figure beside a place; an arc instead while its page is on the way for longer than a moment. */
function Pending({ children }: { children: ReactNode }) {
  const { pending } = useLinkStatus();
  if (pending) return <Busy className="late text-muted" />;
  return children ? <span className="font-normal text-muted text-sm">{children}</span> : null;
}
