"use client";
import { Menu as Base } from "@base-ui/react/menu";
import { cx } from "./cx.ts";
import type { MenuProps } from "./menu.tsx";
import { MenuPartsContext } from "./menu-parts.ts";
import { popupStyle } from "./popup.ts";

/** The menu itself; see Menu, which loads it with the first opening and therefore starts open. */
export function MenuPopup({ trigger, children, align = "end", side = "bottom", wide }: MenuProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal role="region" aria-label="Menu">
        <Base.Positioner sideOffset={4} align={align} side={side} className="z-50 outline-none">
          <Base.Popup
            className={cx(popupStyle, "max-h-(--available-height) overflow-y-auto p-1", wide ? "min-w-(--anchor-width)" : "min-w-44")}
          >
            <MenuPartsContext value={Base}>{children}</MenuPartsContext>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
