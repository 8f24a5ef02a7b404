/** Figures and times as people read them. Pure: the present is always passed in, so that server and browser print the same. */

/** Megabytes as "512 MB", "1.5 GB", "2 TB"; never more than one decimal. */
export function memory(mb: number): string {
  if (mb < 1024) return `${Math.round(mb)} MB`;
  if (mb < 1024 * 1024) return `${trim(mb / 1024)} GB`;
  return `${trim(mb / 1024 / 1024)} TB`;
}

/** "1 vCPU", "0.5 vCPU". */
export function vcpu(count: number): string {
  return `${trim(count)} vCPU`;
}

/** "1 worker", "3 workers", "no workers". */
export function count(n: number, one: string, many = `${one}s`): string {
  if (n === 0) return `no ${many}`;
  return `${n} ${n === 1 ? one : many}`;
}

function trim(value: number): string {
  return (Math.round(value * 10) / 10).toString();
}

/** A measured time for a fixed-width column: "0.2 s", "7.5 s", "1:05 min", "1:02 h". Never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`;
}

function two(n: number): string {
  return n.toString().padStart(2, "0");
}

const units: readonly [number, string, string][] = [
  [86_400, "d", "day"],
  [3600, "h", "hour"],
  [60, "min", "minute"],
  [1, "s", "second"],
];

/** How long ago, short: "7 s", "3 min", "3 h", "2 d". A clock that runs behind never shows a negative age. */
export function age(iso: string, now: number): string {
  const [n, unit] = largest(iso, now);
  return `${n} ${unit[1]}`;
}

/** How long ago, in words: "just now", "7 seconds ago", "1 hour ago". */
export function ago(iso: string, now: number): string {
  const [n, unit] = largest(iso, now);
  if (n === 0) return "just now";
  return `${n} ${unit[2]}${n === 1 ? "" : "s"} ago`;
}

function largest(iso: string, now: number): [number, (typeof units)[number]] {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
  const unit = units.find(([size]) => seconds >= size) ?? units[units.length - 1]!;
  return [Math.floor(seconds / unit[0]), unit];
}

/** "9–14 s" or, where both ends are the same, "9 s". */
export function usual(range: { from: number; to: number }): string {
  const [from, to] = [Math.round(range.from), Math.round(range.to)];
  return from === to ? `${from} s` : `${from}–${to} s`;
}

/** Time of day in the browser's zone, "12:04:10". */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** "a", "a and b", "a, b and c". */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
