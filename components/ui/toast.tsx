"use client";
import dynamic from "next/dynamic";
import { useSyncExternalStore } from "react";
import { isNeeded, subscribe } from "./toast-queue.ts";

export { notify } from "./toast-queue.ts";

const ToastList = dynamic(() => import("./toast-list.tsx").then((module) => module.ToastList), { ssr: false });

/** Where toasts appear; once per page, in the providers. */
export function Toaster() {
  const shown = useSyncExternalStore(subscribe, isNeeded, () => false);
  return shown ? <ToastList /> : null;
}
