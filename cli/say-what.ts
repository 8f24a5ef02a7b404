import { CliError } from "./exit.ts";

/**
 * For commands that change what is said and leave the rest: "is changed" would be no true word when nothing was said.
 * @throws CliError when nothing was said
 */
export function sayWhat<T extends object>(settings: T, command: string): T {
  if (Object.keys(settings).length > 0) return settings;
  throw new CliError("bad_request", `Say what to change: "kindling ${command} --help" shows what there is.`);
}
