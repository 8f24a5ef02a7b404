/** A free name that says whose cluster it is: dana-1, dana-2 … */
export function suggestName(username: string, taken: readonly string[]): string {
  const base =
    username
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^[^a-z]+|-+$/g, "")
      .slice(0, 30)
      .replace(/-+$/, "") || "spark";
  const used = new Set(taken);
  let n = 1;
  while (used.has(`${base}-${n}`)) n += 1;
  return `${base}-${n}`;
}
