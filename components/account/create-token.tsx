"use client";
import dynamic from "next/dynamic";
import { Button } from "../ui/button.tsx";
import { useLazyOpen } from "../ui/use-lazy-open.ts";
import type { CreateTokenDialogProps } from "./create-token-dialog.tsx";

const CreateTokenDialog = dynamic(() => import("./create-token-dialog.tsx").then((module) => module.CreateTokenDialog), { ssr: false });

type Props = Omit<CreateTokenDialogProps, "open" | "onOpenChange"> & { primary?: boolean; label?: string };

/** The button; the form comes when it is pressed. */
export function CreateToken({ primary, label, ...dialog }: Props) {
  const { mounted, open, setOpen } = useLazyOpen();
  return (
    <>
      <Button variant={primary ? "primary" : "secondary"} size={primary ? "md" : "sm"} aria-label={label} onClick={() => setOpen(true)}>
        Create a token
      </Button>
      {mounted ? <CreateTokenDialog {...dialog} open={open} onOpenChange={setOpen} /> : null}
    </>
  );
}
