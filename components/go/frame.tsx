import type { ReactNode } from "react";
import { Flame } from "../ui/flame.tsx";

/** A page of one sentence, in the middle. */
export function GoFrame({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-112 flex-col justify-center px-5 py-10">
      <Flame className="size-8" />
      <h1 className="mt-4 font-semibold text-xl">{title}</h1>
      <div className="mt-2 flex flex-col items-start gap-4 text-muted">{children}</div>
    </main>
  );
}
