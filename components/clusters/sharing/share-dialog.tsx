"use client";
import { Dialog, DialogClose } from "../../ui/dialog.tsx";
import { useCluster } from "../live/cluster.tsx";
import { SharePanel } from "./share-panel.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
}

/** Who may do what with the cluster. */
export function ShareDialog({ open, onClose }: Props) {
  const { cluster } = useCluster();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      width="lg"
      title={`Share ${cluster.name}`}
      footer={<DialogClose>Done</DialogClose>}
    >
      <SharePanel />
    </Dialog>
  );
}
