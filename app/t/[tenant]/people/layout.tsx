import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";

/** What is searched for lies in the address; other pages do not load what that needs. */
export default function PeopleLayout({ children }: { children: ReactNode }) {
  return <NuqsAdapter>{children}</NuqsAdapter>;
}
