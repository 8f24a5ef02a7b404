import type { z } from "zod";

/** What is inside a schema, as far as inputs of ours go. */
interface Def {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  element?: z.ZodType;
  in?: z.ZodType;
  valueType?: z.ZodType;
  options?: readonly z.ZodType[];
  values?: readonly unknown[];
  entries?: Record<string, unknown>;
}

type Path = readonly (string | number)[];

const defOf = (schema: z.ZodType): Def => {
  const def: unknown = Reflect.get(Object(Reflect.get(schema, "_zod")), "def");
  if (typeof def !== "object" || def === null || !("type" in def)) throw new Error("not a schema");
  return def as Def;
};

/** Kinds that hold something else and say nothing of their own. */
const inner = (def: Def): z.ZodType | undefined => def.innerType ?? (def.type === "pipe" ? def.in : undefined);

/**
 * A value that a schema is likely to take, with everything optional in it.
 * @param known values for fields by their names: what exists, where only that gets past the first check
 */
export function sample(schema: z.ZodType, known: Readonly<Record<string, unknown>>, name = ""): unknown {
  const fits = (value: unknown): boolean => schema.safeParse(value).success;
  if (name in known && fits(known[name])) return known[name];
  const def = defOf(schema);
  const below = inner(def);
  if (below) {
    const value = sample(below, known, name);
    // What is not needed is better left out than wrong.
    return def.type === "optional" && !fits(value) ? undefined : value;
  }
  switch (def.type) {
    case "object":
      return Object.fromEntries(Object.entries(def.shape ?? {}).map(([key, one]) => [key, sample(one, known, key)]));
    case "array":
      return def.element ? [sample(def.element, known, name)] : [];
    case "record":
      return def.valueType ? { key: sample(def.valueType, known, name) } : {};
    case "union":
      return def.options?.[0] ? sample(def.options[0], known, name) : null;
    case "enum":
      return Object.values(def.entries ?? {})[0];
    case "literal":
      return def.values?.[0];
    case "boolean":
      return false;
    case "number":
      return [1, 2, 64, 1024, 1500, 4096].find(fits) ?? 1;
    case "string":
      return ["name", "n1", "2001-01-01", "10.9.0.0/24", "10.9.0.7", "https://a.example", "0".repeat(64), "1"].find(fits) ?? "name";
    default:
      return null;
  }
}

/** The same for everything that a procedure checks, one schema after the other. */
export function sampleOf(inputs: readonly z.ZodType[], known: Readonly<Record<string, unknown>>): object {
  const all = {};
  for (const schema of inputs) Object.assign(all, sample(schema, known));
  return all;
}

/** Where strings go in: every place below a schema that takes one. */
export function stringPlaces(schema: z.ZodType, at: Path = []): Path[] {
  const def = defOf(schema);
  const below = inner(def);
  if (below) return stringPlaces(below, at);
  switch (def.type) {
    case "object":
      return Object.entries(def.shape ?? {}).flatMap(([key, one]) => stringPlaces(one, [...at, key]));
    case "array":
      return def.element ? stringPlaces(def.element, [...at, 0]) : [];
    case "record":
      return def.valueType ? stringPlaces(def.valueType, [...at, "key"]) : [];
    case "union":
      return (def.options ?? []).flatMap((one) => stringPlaces(one, at)).slice(0, 1);
    // A word out of a few is a string too, for whoever sends it.
    case "string":
    case "enum":
      return [at];
    default:
      return [];
  }
}

/** The same value with something else at a place; what is missing on the way there is made. */
export function placed(value: unknown, at: Path, put: unknown): unknown {
  const [key, ...rest] = at;
  if (key === undefined) return put;
  if (typeof key === "number") return [placed(Array.isArray(value) ? value[key] : undefined, rest, put)];
  const from = typeof value === "object" && value !== null ? value : {};
  return { ...from, [key]: placed(Reflect.get(from, key), rest, put) };
}

/** What a place holds. */
export function found(value: unknown, at: Path): unknown {
  return at.reduce<unknown>((one, key) => Reflect.get(Object(one), key), value);
}
