import { cx } from "./cx.ts";

export interface MeterProps {
  /** Same unit as `max`. */
  value: number;
  /** Null: no limit; there is no bar and the text says so. */
  max: number | null;
  label: string;
  /** "6 of 8 vCPU". */
  text: string;
  /** One more line below the bar. */
  note?: string;
}

/** How much of a limit is used. Drawn as SVG so that no inline style is needed; amber from 80 %, red when full. */
export function Meter({ value, max, label, text, note }: MeterProps) {
  const share = max === null ? 0 : max <= 0 ? 1 : Math.min(1, Math.max(0, value / max));
  const tone = max === null ? "" : share >= 1 ? "fill-bad-solid" : share >= 0.8 ? "fill-warn-solid" : "fill-off-solid";
  return (
    <div className="min-w-0">
      <div className="flex items-baseline justify-between gap-2">
        <span className="text-muted text-sm">{label}</span>
        <span className="whitespace-nowrap">{text}</span>
      </div>
      <meter className="sr-only" aria-label={label} value={value} min={0} max={max ?? Math.max(value, 1)}>
        {text}
      </meter>
      {max === null ? null : (
        <svg aria-hidden="true" className="mt-1.5 block h-1.5 w-full overflow-hidden rounded-full">
          <rect width="100%" height="100%" className="fill-off-soft" />
          <rect width={`${(share * 100).toFixed(1)}%`} height="100%" className={cx("transition-[width]", tone)} />
        </svg>
      )}
      {note ? <p className="mt-1 text-subtle text-xs">{note}</p> : null}
    </div>
  );
}
