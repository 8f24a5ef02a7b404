import type { ReactNode } from "react";
import { SectionLayout } from "../../components/shell/section-layout.tsx";

export default function Layout({ children }: { children: ReactNode }) {
  return <SectionLayout path="/site">{children}</SectionLayout>;
}
