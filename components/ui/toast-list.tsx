"use client";
import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { buttonStyle } from "./button.tsx";
import { cx } from "./cx.ts";
import { popupStyle } from "./popup.ts";
import { StateMark } from "./state-mark.tsx";
import { receive } from "./toast-queue.ts";

const manager = Base.createToastManager();

export function ToastList() {
  useEffect(
    () =>
      receive(({ tone, title, description }) => {
        // Not with high priority: such a toast would be hidden from readers while its buttons can be reached.
        manager.add({ title, description, type: tone, timeout: tone === "bad" ? 0 : 5000 });
      }),
    [],
  );
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport className="fixed right-3 bottom-3 left-3 z-50 flex flex-col gap-2 sm:left-auto sm:w-88">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function Toasts() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["right", "down"]}
      className={cx(popupStyle, "data-limited:hidden data-starting-style:translate-y-2")}
    >
      <Base.Content className="flex items-start gap-2.5 p-3">
        <StateMark state={toast.type === "bad" ? "failed" : "ready"} className="mt-0.5" />
        <div className="min-w-0 flex-1">
          <Base.Title className="font-medium" />
          <Base.Description className="break-words text-muted text-sm" />
        </div>
        <Base.Close aria-label="Close" className={buttonStyle({ variant: "ghost", size: "iconSm", className: "-my-1 -mr-1" })}>
          <X aria-hidden="true" className="size-4" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
