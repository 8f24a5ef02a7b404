export type Side = "top" | "right" | "bottom" | "left";

interface Size {
  width: number;
  height: number;
}

interface Box extends Size {
  left: number;
  top: number;
}

/** Space between a thing and its hint, and between the hint and the window's edge, px. */
const gap = 6;

/** Where a hint goes: beside its anchor on the wished side, on the other where there is no room, and always inside the window. */
export function place(anchor: Box, hint: Size, side: Side, window: Size): { left: number; top: number } {
  const across = anchor.left + (anchor.width - hint.width) / 2;
  const along = anchor.top + (anchor.height - hint.height) / 2;
  const above = anchor.top - hint.height - gap;
  const below = anchor.top + anchor.height + gap;
  const before = anchor.left - hint.width - gap;
  const after = anchor.left + anchor.width + gap;
  const fits = {
    top: above >= gap,
    bottom: below + hint.height + gap <= window.height,
    left: before >= gap,
    right: after + hint.width + gap <= window.width,
  };
  const opposite = { top: "bottom", bottom: "top", left: "right", right: "left" } as const;
  const taken = fits[side] || !fits[opposite[side]] ? side : opposite[side];
  const at = {
    top: { left: across, top: above },
    bottom: { left: across, top: below },
    left: { left: before, top: along },
    right: { left: after, top: along },
  }[taken];
  const inside = (value: number, size: number, room: number) => Math.max(gap, Math.min(value, room - size - gap));
  return { left: inside(at.left, hint.width, window.width), top: inside(at.top, hint.height, window.height) };
}
