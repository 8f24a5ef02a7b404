"use client";
import { useState } from "react";

/**
 * For overlays whose code is loaded when they are first opened: `mounted` turns true with the first opening and stays, so that closing can fade
 * and give the focus back.
 */
export function useLazyOpen(): { mounted: boolean; open: boolean; setOpen: (open: boolean) => void } {
  const [open, set] = useState(false);
  const [mounted, setMounted] = useState(false);
  return {
    mounted,
    open,
    setOpen(next) {
      set(next);
      if (next) setMounted(true);
    },
  };
}
