import { InvalidArgumentError } from "commander";

/** Reads an option's number; which numbers make sense is the schema's word. @throws InvalidArgumentError for anything else */
export function numeric(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("It must be a number.");
  return Number(text);
}
