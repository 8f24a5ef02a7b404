"use client";
import { Broken } from "../components/shell/broken.tsx";

export default function RootError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center">
      <Broken digest={error.digest} reset={reset} />
    </main>
  );
}
