"use client";
import { HandOverDialog } from "../sharing/hand-over-dialog.tsx";
import { ShareDialog } from "../sharing/share-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { ResizeDialog } from "./resize-dialog.tsx";
import { StopDialog } from "./stop-dialog.tsx";

export type DialogName = "stop" | "resize" | "delete" | "cancel" | "share" | "hand-over";

/** Everything that asks before it acts; fetched when the first of them is opened. */
export function Dialogs({ open, onClose }: { open: DialogName | null; onClose: () => void }) {
  return (
    <>
      <StopDialog open={open === "stop"} onClose={onClose} />
      <ShareDialog open={open === "share"} onClose={onClose} />
      <HandOverDialog open={open === "hand-over"} onClose={onClose} />
      <ResizeDialog open={open === "resize"} onClose={onClose} />
      <DeleteDialog
        key={open === "cancel" ? "cancel" : "delete"}
        open={open === "delete" || open === "cancel"}
        cancel={open === "cancel"}
        onClose={onClose}
      />
    </>
  );
}
