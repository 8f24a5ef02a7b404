"use client";
import dynamic from "next/dynamic";
import { Button } from "../ui/button.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";

const CreateTokenDialog = dynamic(() => import("./create-token-dialog.tsx").then((module) => module.CreateTokenDialog), { ssr: false });

/** The button; the form comes when it is pressed. */
export function CreateToken({ taken, primary }: { taken: string[]; primary?: boolean }) {
  const { mounted, open, setOpen } = useLazyOpen();
  return (
    <>
      <Button variant={primary ? "primary" : "secondary"} size={primary ? "md" : "sm"} onClick={() => setOpen(true)}>
        Create a token
      </Button>
      {mounted ? <CreateTokenDialog taken={taken} open={open} onOpenChange={setOpen} /> : null}
    </>
  );
}
