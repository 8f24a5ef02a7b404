"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

const everyMs = 1500;

/** Asks the page again while it is looked at; whoever comes back to the tab is answered at once. */
export function Refresher() {
  const router = useRouter();
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === "visible") router.refresh();
    };
    const timer = setInterval(ask, everyMs);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, [router]);
  return null;
}
