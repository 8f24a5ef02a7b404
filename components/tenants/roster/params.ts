import { createLoader, type inferParserType, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** What the list of people shows lies in the address, so that Back, reload and a link in a chat all show the same. */
export const rosterParsers = {
  period: parseAsStringLiteral(["30d", "month", "last-month"]).withDefault("30d"),
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(["name", "hours", "seen"]).withDefault("name"),
  /** Where a page of rows begins, and the number of its first row. */
  cursor: parseAsString,
  from: parseAsInteger.withDefault(1),
};

export type RosterParams = inferParserType<typeof rosterParsers>;

export const loadRosterParams = createLoader(rosterParsers);

/** The API's question. */
export function rosterInput(tenant: string, { period, q, sort, cursor }: RosterParams) {
  return { tenant, period, sort, ...(q.trim() ? { q: q.trim() } : {}), ...(cursor ? { cursor } : {}) };
}
