"use client";
import { Button } from "../components/ui/button.tsx";

/** For pages outside of the frame; loaded with every page, so it imports next to nothing. */
export default function RootError({ reset }: { reset: () => void }) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 px-5">
      <h1 className="font-semibold text-xl">This page could not be shown</h1>
      <p className="text-muted">The platform failed to answer. Clusters keep running, and nothing has been changed.</p>
      <div className="mt-2">
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
      </div>
    </main>
  );
}
