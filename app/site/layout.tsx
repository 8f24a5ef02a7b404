import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { load, me } from "../../components/api/server.ts";
import { SectionLayout } from "../../components/shell/section-layout.tsx";

export default async function Layout({ children }: { children: ReactNode }) {
  // To others the site's pages do not exist; the API says the same for each of them.
  if (!(await load(me(), "/site")).siteAdmin) notFound();
  return <SectionLayout path="/site">{children}</SectionLayout>;
}
