import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";

/** Search and order lie in the address; other pages of the site do not load what that needs. */
export default function HostsLayout({ children }: { children: ReactNode }) {
  return <NuqsAdapter>{children}</NuqsAdapter>;
}
