import type { ReactNode } from "react";

export interface Message {
  tone: "ok" | "bad" | "info";
  title: string;
  description?: ReactNode;
}

// Messages wait here until the part that shows them is loaded, which happens with the first one.
let waiting: Message[] = [];
let sink: ((message: Message) => void) | null = null;
let needed = false;
const listeners = new Set<() => void>();

/** Says what has happened, from anywhere in the browser: `notify("ok", "Token revoked")`. What failed stays until it is closed. */
export function notify(tone: Message["tone"], title: string, description?: ReactNode): void {
  const message = { tone, title, description };
  if (sink) {
    sink(message);
    return;
  }
  waiting.push(message);
  needed = true;
  for (const listener of listeners) listener();
}

/** Called by the list once it can show messages; returns how to take it back. */
export function receive(show: (message: Message) => void): () => void {
  sink = show;
  for (const message of waiting) show(message);
  waiting = [];
  return () => {
    sink = null;
  };
}

/** Told once, when the first message waits. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function isNeeded(): boolean {
  return needed;
}
