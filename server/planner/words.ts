/** "9 GB", "1.5 GB", "512 MB", "0 GB": an amount of MB as people say it. */
export function gb(mb: number): string {
  const whole = Math.max(0, mb);
  if (whole < 1) return "0 GB";
  if (whole < 1024) return `${Math.floor(whole)} MB`;
  const tenths = Math.floor((whole / 1024) * 10) / 10;
  return `${Number.isInteger(tenths) ? tenths.toFixed(0) : tenths.toFixed(1)} GB`;
}

/** "1 CPU", "4 CPUs". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** "40 s", "3 min", "2 h", "5 days" from milliseconds. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** "a", "a and b", "a, b and c". */
export function list(words: readonly string[]): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
