import Link from "next/link";
import type { ReactNode } from "react";

export interface Crumb {
  title: string;
  href: string;
}

export interface PageHeaderProps {
  title: ReactNode;
  /** Where this page hangs; the page itself comes last. */
  crumbs?: Crumb[];
  /** A state beside the title. */
  badge?: ReactNode;
  /** Short facts below the title, separated by space. */
  facts?: ReactNode[];
  /** Buttons at the right; below the title on a phone. */
  actions?: ReactNode;
}

/** Breadcrumbs, title with its state, facts and actions. */
export function PageHeader({ title, crumbs, badge, facts, actions }: PageHeaderProps) {
  return (
    <header className="mb-5">
      {crumbs && crumbs.length > 0 ? (
        <nav aria-label="Breadcrumb" className="mb-1">
          <ol className="flex flex-wrap items-center gap-1.5 text-muted text-sm">
            {crumbs.map((crumb) => (
              <li key={crumb.href} className="flex items-center gap-1.5">
                <Link href={crumb.href} className="inline-flex min-h-6 items-center underline underline-offset-3 hover:text-text">
                  {crumb.title}
                </Link>
                <span aria-hidden="true">/</span>
              </li>
            ))}
            <li aria-current="page" className="max-w-60 truncate">
              {title}
            </li>
          </ol>
        </nav>
      ) : null}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 lg:flex-nowrap">
        <div className="min-w-0">
          <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 break-words font-semibold text-xl">{title}</h1>
            {badge}
          </div>
          {facts && facts.length > 0 ? (
            <p className="mt-1 flex flex-wrap gap-x-4 text-muted text-sm">
              {facts.map((fact, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: facts are a fixed row without identity
                <span key={index}>{fact}</span>
              ))}
            </p>
          ) : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2 lg:shrink-0">{actions}</div> : null}
      </div>
    </header>
  );
}
