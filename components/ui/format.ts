/** Figures and dates in words. Sizes are powers of two with the short names people use for flavors ("6 GB" for 6144 MB). */

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 6144 → "6 GB", 1536 → "1.5 GB", 512 → "512 MB", 0 → "0 GB", 2097152 → "2 TB". */
export function megabytes(mb: number): string {
  const size = Math.abs(mb);
  if (size < 0.5) return "0 GB";
  if (size < 1024) return `${whole.format(mb)} MB`;
  if (size < 1024 * 1024) return `${number.format(mb / 1024)} GB`;
  return `${number.format(mb / 1024 / 1024)} TB`;
}

/** 1536 bytes → "1.5 kB". */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = count;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? whole.format(size) : number.format(size)} ${units[unit]}`;
}

export function count(value: number): string {
  return whole.format(value);
}

/** plural(1, "worker") → "1 worker"; plural(2, "entry", "entries") → "2 entries". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

/** A length of time, short: 7.5 s, 42 s, 3 min, 2 h, 5 d. Tenths only below ten seconds and only when asked for. */
export function duration(ms: number, tenths = false): string {
  const seconds = Math.max(0, ms) / 1000;
  if (tenths && seconds < 100) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** How long ago or ahead, in words: "just now", "7 seconds ago", "in 3 days". Both in ms since 1970. */
export function relative(then: number, now: number): string {
  const seconds = Math.round((then - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 2) return "just now";
  // Past: whole ones only. Ahead: the nearest, else what ends in thirty days would end in 29 at once.
  const whole = seconds < 0 ? Math.trunc : Math.round;
  const [value, unit]: [number, Intl.RelativeTimeFormatUnit] =
    size < 60
      ? [seconds, "second"]
      : size < 3600
        ? [whole(seconds / 60), "minute"]
        : size < 86_400
          ? [whole(seconds / 3600), "hour"]
          : size < 86_400 * 30
            ? [whole(seconds / 86_400), "day"]
            : size < 86_400 * 365
              ? [whole(seconds / 86_400 / 30), "month"]
              : [whole(seconds / 86_400 / 365), "year"];
  return new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(value, unit);
}

/** "21 November 2026 at 12:04:10 UTC"; the zone is the viewer's unless given. */
export function fullDate(then: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "long",
    timeStyle: "long",
    ...(timeZone ? { timeZone } : {}),
  }).format(then);
}

/** "12:04:10". */
export function clockTime(then: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", ...(timeZone ? { timeZone } : {}) }).format(then);
}

/** "21 November 2026". */
export function day(then: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", ...(timeZone ? { timeZone } : {}) }).format(then);
}
