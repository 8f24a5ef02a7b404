/** The looks that all overlays share. */
export const popupStyle =
  "overlay-motion z-50 origin-[var(--transform-origin)] rounded-lg border bg-raised text-text shadow-overlay outline-none";

export const itemStyle =
  "flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 outline-none pointer-coarse:min-h-10 data-highlighted:bg-sunken data-disabled:text-subtle";

export const backdropStyle = "overlay-motion fixed inset-0 z-40 min-h-dvh bg-scrim";
