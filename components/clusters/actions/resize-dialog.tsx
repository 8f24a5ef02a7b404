"use client";
import { Dialog } from "../../ui/dialog.tsx";
import { useCluster } from "../live/cluster.tsx";
import { ResizeForm } from "./resize-form.tsx";

/** Add or remove workers while it runs. */
export function ResizeDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { cluster } = useCluster();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={`Resize ${cluster.name}`}
      description="Workers come and go while it runs."
    >
      <ResizeForm onDone={onClose} />
    </Dialog>
  );
}
