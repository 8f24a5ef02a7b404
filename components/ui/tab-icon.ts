"use client";
import { useEffect } from "react";
import { flamePath } from "./flame-path.ts";
import type { StateKind } from "./state-mark.tsx";

const colours: Record<StateKind, string> = {
  ready: "#218a45",
  busy: "#2279dc",
  degraded: "#b97500",
  failed: "#d02b31",
  stopped: "#7a8189",
  unknown: "#8f5fc0",
  queued: "#7a8189",
  deleting: "#7a8189",
};

/** The tab's icon as an SVG data address: the flame, with a dot of the state's colour at the lower right. */
export function tabIcon(state: StateKind | null): string {
  const dot = state ? `<circle cx="18" cy="18" r="6" fill="#fff"/><circle cx="18" cy="18" r="4.6" fill="${colours[state]}"/>` : "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#e25a00" fill-rule="evenodd" d="${flamePath}"/>${dot}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Carries a state in the tab's title and icon while the page is shown: "Ready · flights"; afterwards the page's own are back. */
export function useTabState(title: string, state: StateKind | null): void {
  useEffect(() => {
    const wanted = `${title} · Kindling`;
    let own = document.title;
    // The framework writes the page's own title late: after hydration and after each navigation.
    const keep = () => {
      if (document.title === wanted) return;
      own = document.title;
      document.title = wanted;
    };
    keep();
    const observer = new MutationObserver(keep);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => {
      observer.disconnect();
      if (document.title === wanted) document.title = own;
    };
  }, [title]);
  useEffect(() => {
    if (!state) return;
    const found = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const link = found ?? document.head.appendChild(Object.assign(document.createElement("link"), { rel: "icon", type: "image/svg+xml" }));
    const before = found?.getAttribute("href") ?? tabIcon(null);
    link.setAttribute("href", tabIcon(state));
    return () => link.setAttribute("href", before);
  }, [state]);
}
