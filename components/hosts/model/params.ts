import { parseAsString, parseAsStringLiteral } from "nuqs/server";
import { sorts } from "./list.ts";

/** Search and order lie in the address, so that Back, reload and a link in a chat show the same. */
export const hostParsers = {
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(sorts).withDefault("name"),
};
