"use client";
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";
import { itemStyle, popupStyle } from "./popup.ts";

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  /** At least as wide as its button. */
  wide?: boolean;
}

export function Menu({ trigger, children, align = "end", side = "bottom", wide }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal role="region" aria-label="Menu">
        <Base.Positioner sideOffset={4} align={align} side={side} className="z-50 outline-none">
          <Base.Popup
            className={cx(popupStyle, "max-h-(--available-height) overflow-y-auto p-1", wide ? "min-w-(--anchor-width)" : "min-w-44")}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps {
  children: ReactNode;
  icon?: ReactNode;
  onClick?: () => void;
  danger?: boolean;
  /** Why it cannot be chosen now: shown below the label, and the item does nothing. */
  reason?: string | null;
}

export function MenuItem({ children, icon, onClick, danger, reason }: MenuItemProps) {
  return (
    <Base.Item disabled={Boolean(reason)} onClick={onClick} className={cx(itemStyle, danger && !reason && "text-bad")}>
      {icon}
      <span className="min-w-0">
        {children}
        {reason ? <span className="block max-w-56 text-muted text-xs">{reason}</span> : null}
      </span>
    </Base.Item>
  );
}

export function MenuLink({ href, children, icon, current }: { href: string; children: ReactNode; icon?: ReactNode; current?: boolean }) {
  return (
    <Base.LinkItem closeOnClick render={<Link href={href} />} aria-current={current ? "true" : undefined} className={itemStyle}>
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {current ? <Check aria-hidden="true" className="size-4 text-accent-text" /> : null}
    </Base.LinkItem>
  );
}

export function MenuRadio({
  value,
  onChange,
  label,
  options,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  options: { value: string; label: string; icon?: ReactNode }[];
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-muted text-xs">{label}</Base.GroupLabel>
      <Base.RadioGroup
        value={value}
        onValueChange={(next) => {
          if (typeof next === "string") onChange(next);
        }}
      >
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} closeOnClick={false} className={itemStyle}>
            {option.icon}
            <span className="flex-1">{option.label}</span>
            <Base.RadioItemIndicator>
              <Check aria-hidden="true" className="size-4 text-accent-text" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-muted text-xs">{children}</div>;
}

export function MenuSeparator() {
  return <Base.Separator className="my-1 h-px bg-border" />;
}
