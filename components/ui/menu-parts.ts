"use client";
import type { Menu } from "@base-ui/react/menu";
import { createContext, useContext } from "react";

/** The library's parts, handed down by the popup that loaded them, so that items do not load them with the page. */
export type MenuParts = typeof Menu;

export const MenuPartsContext = createContext<MenuParts | null>(null);

export function useMenuParts(): MenuParts {
  const parts = useContext(MenuPartsContext);
  if (!parts) throw new Error("Menu items live inside a Menu.");
  return parts;
}
