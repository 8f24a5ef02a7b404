import { createLoader, type inferParserType, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { phaseOrder } from "./phases.ts";

/** The list's whole state lies in the address, so that Back, reload and a link in a chat all show the same. */
export const listParsers = {
  scope: parseAsStringLiteral(["all", "mine", "shared"]).withDefault("all"),
  q: parseAsString.withDefault(""),
  phase: parseAsStringLiteral(phaseOrder),
  sort: parseAsStringLiteral(["created", "name", "state"]).withDefault("created"),
  /** Where a page of rows begins, and the number of its first row. */
  cursor: parseAsString,
  from: parseAsInteger.withDefault(1),
};

export type ListParams = inferParserType<typeof listParsers>;

export const loadListParams = createLoader(listParsers);

const pageSize = 25;

/** The API's question. */
export function listInput(tenant: string, params: ListParams) {
  return {
    tenant,
    scope: params.scope,
    sort: params.sort,
    limit: pageSize,
    ...(params.q.trim() ? { q: params.q.trim() } : {}),
    ...(params.phase ? { phase: params.phase } : {}),
    ...(params.cursor ? { cursor: params.cursor } : {}),
  };
}

/** Is anything filtered out? Then an empty list is not a beginning. */
export function filtered(params: ListParams): boolean {
  return params.q.trim() !== "" || params.phase !== null || params.scope !== "all" || params.cursor !== null;
}
