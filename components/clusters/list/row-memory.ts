"use client";
import { useEffect } from "react";

const key = (tenant: string): string => `clusters-row:${tenant}`;

/** Remembers the row one left by. */
export function rememberRow(tenant: string, id: string): void {
  sessionStorage.setItem(key(tenant), id);
}

/** Coming Back puts the focus on the row one left by; whoever came another way has the focus elsewhere and keeps it. */
export function useRowMemory(tenant: string): void {
  useEffect(() => {
    const id = sessionStorage.getItem(key(tenant));
    if (id === null || document.activeElement !== document.body) return;
    sessionStorage.removeItem(key(tenant));
    document.getElementById(`row-${id}`)?.focus({ preventScroll: true });
  }, [tenant]);
}
