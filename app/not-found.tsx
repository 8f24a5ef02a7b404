import type { Metadata } from "next";
import { buttonStyle } from "../components/ui/button.tsx";
import { Wordmark } from "../components/ui/flame.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 px-5">
      <Wordmark />
      <h1 className="mt-4 font-semibold text-xl">There is no such page here</h1>
      <p className="text-muted">It may have been deleted, the address may be mistyped, or it is not yours to see.</p>
      <div className="mt-2">
        {/* A plain link: this page is loaded with every other one and must weigh nothing. */}
        <a href="/" className={buttonStyle({ variant: "primary" })}>
          Go home
        </a>
      </div>
    </main>
  );
}
