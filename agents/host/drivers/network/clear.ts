import { readLinks } from "./links.ts";
import { segmentOf } from "./names.ts";
import { perform } from "./steps.ts";

/** Removes every link that an installation made, once its networks are gone. Links that were there before it stay. @returns their names */
export async function removeLinks(installation: string): Promise<string[]> {
  const { links } = await readLinks();
  const own = [...links.values()].filter((link) => segmentOf(installation, link.alias) !== null).map((link) => link.name);
  await perform(own.map((name) => ({ tool: "ip", words: ["link", "delete", "dev", name] })));
  return own;
}
