import { CreateFlavor, type EditFlavor, type SiteFlavorView } from "../../server/services/flavors/schemas.ts";
import { line, tagsOf } from "../hosts/model/command-line.ts";

/** As the form holds them: memory in GB. */
export interface FlavorValues {
  slug: string;
  name: string;
  vcpus: string;
  memory: string;
  dataGb: string;
  rootGb: string;
  gpus: string;
  /** everybody | some */
  who: "everybody" | "some";
  tenants: string;
}

export const emptyFlavor: FlavorValues = {
  ...{ slug: "", name: "", vcpus: "2", memory: "4", dataGb: "10", rootGb: "20", gpus: "0" },
  ...{ who: "everybody", tenants: "" },
};

const keys = ["slug", "name", "vcpus", "memory", "dataGb", "rootGb", "gpus", "who", "tenants"] as const satisfies (keyof FlavorValues)[];

export const valuesOf = (flavor: SiteFlavorView): FlavorValues => ({
  slug: flavor.slug,
  name: flavor.name,
  vcpus: String(flavor.vcpus),
  memory: String(flavor.memoryMb / 1024),
  dataGb: String(flavor.dataGb),
  rootGb: String(flavor.rootGb),
  gpus: String(flavor.gpus),
  who: flavor.tenants === null ? "everybody" : "some",
  tenants: flavor.tenants?.join(", ") ?? "",
});

/** The API's input; what is no number becomes NaN, which it refuses with a sentence. */
export function toFlavor(values: FlavorValues): CreateFlavor {
  const number = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));
  return {
    slug: values.slug.trim(),
    name: values.name.trim(),
    vcpus: number(values.vcpus),
    memoryMb: Math.round(number(values.memory) * 1024),
    dataGb: number(values.dataGb),
    rootGb: number(values.rootGb),
    gpus: number(values.gpus),
    tenants: values.who === "everybody" ? null : tagsOf(values.tenants),
  };
}

/** Fields of the form that the API calls otherwise. */
const fields: Record<string, keyof FlavorValues> = { memoryMb: "memory" };

/** The form's field of one of the API, if it has it. */
export function fieldOf(column: string | null): keyof FlavorValues | null {
  const name = column?.split(".")[0] ?? "";
  return fields[name] ?? keys.find((key) => key === name) ?? null;
}

/** What is wrong in which field, in the API's own sentences: all at once, which the API says one by one. */
export function flavorFaults(values: FlavorValues): Partial<Record<keyof FlavorValues, string>> {
  const faults: Partial<Record<keyof FlavorValues, string>> = {};
  for (const { path, message } of CreateFlavor.safeParse(toFlavor(values)).error?.issues ?? []) {
    const field = fieldOf(String(path[0] ?? ""));
    if (field) faults[field] ??= message;
  }
  return faults;
}

/** Only what differs. */
export function toEdit(before: SiteFlavorView, values: FlavorValues): Omit<EditFlavor, "flavor"> {
  const { name, vcpus, memoryMb, dataGb = 10, rootGb = 20, gpus = 0, tenants = null } = toFlavor(values);
  const same = (tenants?.toSorted().join() ?? null) === (before.tenants?.join() ?? null);
  return {
    ...(name === before.name ? {} : { name }),
    ...(vcpus === before.vcpus ? {} : { vcpus }),
    ...(memoryMb === before.memoryMb ? {} : { memoryMb }),
    ...(dataGb === before.dataGb ? {} : { dataGb }),
    ...(rootGb === before.rootGb ? {} : { rootGb }),
    ...(gpus === before.gpus ? {} : { gpus }),
    ...(same ? {} : { tenants }),
  };
}

/** Whether a new size would be made, beside which clusters keep the old one. */
export function resizes(input: Omit<EditFlavor, "flavor">): boolean {
  return [input.vcpus, input.memoryMb, input.dataGb, input.rootGb, input.gpus].some((size) => size !== undefined);
}

export function flavorCommand(verb: "create" | "edit", slug: string, input: Omit<EditFlavor, "flavor">): string {
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${name}`, Number.isNaN(value) ? "N" : String(value)];
  return line([
    ...["flavor", verb, slug || "NAME"],
    ...option("name", input.name),
    ...option("vcpus", input.vcpus),
    ...option("memory", input.memoryMb === undefined ? undefined : input.memoryMb / 1024),
    ...option("data", input.dataGb),
    ...option("root", input.rootGb),
    // None is what a new one has anyhow.
    ...(verb === "create" && input.gpus === 0 ? [] : option("gpus", input.gpus)),
    ...option("tenants", input.tenants === undefined ? undefined : (input.tenants?.join(",") ?? "everybody")),
  ]);
}
