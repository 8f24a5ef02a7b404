import { type RefCallback, useCallback, useEffect, useRef } from "react";

/**
 * For the `ref` of an element that goes by being used: if it has the focus when it goes, it hands it on instead of dropping it to the page's top.
 * @param heir what gets it; asked while both are still there
 */
export function useHandFocus(heir: (leaving: HTMLElement) => HTMLElement | null | undefined): RefCallback<HTMLElement> {
  const latest = useRef(heir);
  useEffect(() => {
    latest.current = heir;
  });
  // Always the same function: another one would count as the element's leaving.
  return useCallback((element) => {
    if (!element) return;
    return () => {
      if (document.activeElement === element) latest.current(element)?.focus();
    };
  }, []);
}
