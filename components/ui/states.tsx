import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { StateMark } from "./state-mark.tsx";

export interface StateProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** The title is the page's heading. */
  heading?: boolean;
}

/** Nothing here yet: a verb and a button. */
export function EmptyState({ icon: Icon, title, children, action, heading }: StateProps & { icon?: LucideIcon }) {
  const Title = heading ? "h1" : "p";
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      {Icon ? <Icon aria-hidden="true" className="mb-1 size-6 text-subtle" strokeWidth={1.5} /> : null}
      <Title className="font-semibold text-lg">{title}</Title>
      {children ? <div className="max-w-md text-muted">{children}</div> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** What went wrong, whose limit it is, and what to do next. */
export function ErrorState({ title, children, action, heading }: StateProps) {
  const Title = heading ? "h1" : "p";
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <StateMark state="failed" className="mb-1 size-6" />
      <Title className="font-semibold text-lg">{title}</Title>
      {children ? <div className="max-w-md text-muted">{children}</div> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
