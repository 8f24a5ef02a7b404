import { randomBytes } from "node:crypto";

/** Source of ids, passed in wherever ids are made so that the simulator can repeat a run. */
export type NewId = (prefix: string) => string;

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** A random id: the prefix letter and 12 base-32 characters (60 bits), fit for host names and labels. */
export const newId: NewId = (prefix) => prefix + Array.from(randomBytes(12), (byte) => alphabet[byte & 31]).join("");
