"use client";
import { useEffect, useState } from "react";

/** The value once it has rested for so many milliseconds; compared by content, so that a new object alone changes nothing. */
export function useDebounced<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: compared by content
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return rested;
}
