"use client";
import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { Button } from "../ui/button.tsx";
import { ErrorState } from "../ui/states.tsx";

/** A page that could not be made: the frame stays, and trying again asks the server anew. */
export function Broken({ digest, reset }: { digest: string | undefined; reset: () => void }) {
  const router = useRouter();
  return (
    <ErrorState
      heading
      title="This page could not be shown"
      action={
        <Button
          variant="primary"
          onClick={() =>
            startTransition(() => {
              router.refresh();
              reset();
            })
          }
        >
          Try again
        </Button>
      }
    >
      The platform failed to answer. Clusters keep running, and nothing has been changed. If it stays like this, tell your administrator
      {digest ? (
        <>
          {" "}
          the number <code className="font-mono">{digest}</code>
        </>
      ) : null}
      .
    </ErrorState>
  );
}
