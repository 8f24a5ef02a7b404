import type { SegmentView } from "../../server/services/segments/schemas.ts";

/** As the create form holds them: empty means the default. */
export interface SegmentValues {
  owner: string;
  name: string;
  cidr: string;
  bits: string;
  uplink: "none" | "vlan" | "vxlan";
  number: string;
  mtu: string;
  dns: string;
  reserved: string;
}

export const emptySegment = (owner: string): SegmentValues => ({
  owner,
  name: "",
  cidr: "",
  bits: "24",
  uplink: "vlan",
  number: "",
  mtu: "1500",
  dns: "",
  reserved: "",
});

/** "10.0.0.1, 10.0.0.2" → both; separated by commas or space. */
export function words(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

export interface SegmentInput {
  owner: string;
  name: string;
  cidr?: string;
  bits?: number;
  uplink: SegmentValues["uplink"];
  vlanId?: number;
  vni?: number;
  mtu: number;
  dns: string[];
  reserved: string[];
}

/** The API's input; what is no number becomes NaN, which it refuses with a sentence. */
export function toSegment(values: SegmentValues): SegmentInput {
  const number = values.number.trim() === "" ? null : Number(values.number);
  return {
    owner: values.owner,
    name: values.name.trim(),
    ...(values.cidr.trim() ? { cidr: values.cidr.trim() } : { bits: Number(values.bits) }),
    uplink: values.uplink,
    ...(number === null || values.uplink === "none" ? {} : values.uplink === "vlan" ? { vlanId: number } : { vni: number }),
    mtu: Number(values.mtu),
    dns: words(values.dns),
    reserved: words(values.reserved),
  };
}

/** The form's field for a field of the API. */
export function fieldOf(path: string | null): keyof SegmentValues | null {
  const name = path?.split(".")[0];
  if (name === "vlanId" || name === "vni") return "number";
  return fields.find((field) => field === name) ?? null;
}

const fields = ["owner", "name", "cidr", "bits", "uplink", "number", "mtu", "dns", "reserved"] as const;

export interface EditValues {
  mtu: string;
  dns: string;
  reserved: string;
}

export const editOf = ({ mtu, dns, reserved }: Pick<SegmentView, "mtu" | "dns" | "reserved">): EditValues => ({
  mtu: String(mtu),
  dns: dns.join(", "),
  reserved: reserved.join(", "),
});

/** Only what differs. */
export function toEdit(before: EditValues, after: EditValues): { mtu?: number; dns?: string[]; reserved?: string[] } {
  const same = (a: string, b: string): boolean => words(a).join() === words(b).join();
  return {
    ...(Number(after.mtu) === Number(before.mtu) ? {} : { mtu: Number(after.mtu) }),
    ...(same(before.dns, after.dns) ? {} : { dns: words(after.dns) }),
    ...(same(before.reserved, after.reserved) ? {} : { reserved: words(after.reserved) }),
  };
}

/** Why it cannot be deleted now, or null. */
export function keepsIt({ name, clusters }: Pick<SegmentView, "name" | "clusters">): string | null {
  return clusters > 0
    ? `${name} is used by ${clusters} ${clusters === 1 ? "cluster" : "clusters"}. Delete ${clusters === 1 ? "it" : "them"} first.`
    : null;
}
