/** What the page's address says: the filters, and where in the trail it is. */
export interface AuditParams {
  person?: string;
  action?: string;
  thing?: string;
  result?: "done" | "refused";
  from?: string;
  to?: string;
  /** On the site's page only. */
  tenant?: string;
  cursor?: string;
}

const names = ["person", "action", "thing", "result", "from", "to", "tenant"] as const;

function isDay(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** Reads an address; what is empty or makes no sense is left out, so that a mistyped address shows more, never an error. */
export function auditParams(search: Readonly<Record<string, string | string[] | undefined>>): AuditParams {
  const found: AuditParams = {};
  for (const name of names) {
    const value = search[name];
    const text = typeof value === "string" ? value.trim().slice(0, 100) : "";
    if (text === "" || /\p{Cc}/u.test(text)) continue;
    if (name === "result") {
      if (text === "done" || text === "refused") found.result = text;
    } else if (name === "from" || name === "to") {
      const day = text.slice(0, 10);
      if (isDay(day)) found[name] = day;
    } else if (name === "action") {
      if (/^[a-z-]{1,40}(\.[a-z-]{1,40})?$/.test(text)) found.action = text;
    } else if (name === "tenant") {
      if (text === "-" || /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(text)) found.tenant = text;
    } else found[name] = text;
  }
  const { cursor } = search;
  if (typeof cursor === "string" && /^\d{1,18}$/.test(cursor)) found.cursor = cursor;
  return found;
}

/** The query of an address with these filters, with its question mark; empty without any. */
export function auditQuery(params: AuditParams): string {
  const entries = Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "");
  return entries.length > 0 ? `?${new URLSearchParams(entries)}` : "";
}

/** Whether anything is filtered. */
export function filtered({ cursor: _, ...filters }: AuditParams): boolean {
  return Object.keys(filters).length > 0;
}
