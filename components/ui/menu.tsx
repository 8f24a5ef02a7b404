"use client";
import { Check } from "lucide-react";
import Link from "next/link";
import { type ComponentType, cloneElement, type HTMLAttributes, type ReactElement, type ReactNode, useState } from "react";
import { cx } from "./cx.ts";
import { useMenuParts } from "./menu-parts.ts";
import { itemStyle } from "./popup.ts";

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<HTMLAttributes<HTMLElement>>;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  /** At least as wide as its button. */
  wide?: boolean;
}

const load = () => import("./menu-popup.tsx").then((module) => module.MenuPopup);

/** A button that opens a list of things to do. The list's code is fetched when the button is reached, and takes its place when it is pressed. */
export function Menu(props: MenuProps) {
  const [Popup, setPopup] = useState<ComponentType<MenuProps> | null>(null);
  if (Popup) return <Popup {...props} />;
  const open = () => void load().then((loaded) => setPopup(() => loaded));
  const warm = () => void load();
  return cloneElement(props.trigger, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onPointerEnter: warm,
    onFocus: warm,
    onClick: open,
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      open();
    },
  });
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
  const Base = useMenuParts();
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
  const Base = useMenuParts();
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
  const Base = useMenuParts();
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
  const Base = useMenuParts();
  return <Base.Separator className="my-1 h-px bg-border" />;
}
