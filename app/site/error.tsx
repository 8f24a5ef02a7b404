"use client";
import { Broken } from "../../components/shell/broken.tsx";

export default function SectionError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <Broken digest={error.digest} reset={reset} />;
}
