import { z } from "zod";
import { Cidr, Id, Ipv4, Label } from "../../../agents/protocol/ids.ts";
import { notForNetworks, rangeOf, reservedRange, toIp } from "../../planner/ipam/subnet.ts";

const Subnet = Cidr.refine((cidr) => {
  const { first, bits } = rangeOf(cidr);
  return bits >= 16 && bits <= 28 && cidr.startsWith(`${toIp(first)}/`);
}, "A subnet has between 16 and 28 bits and begins at its first address, for example 10.1.2.0/24.").superRefine((cidr, context) => {
  const why = notForNetworks(cidr);
  if (why) context.addIssue({ code: "custom", message: `The subnet ${cidr} lies in ${why}. Choose another.` });
});

const Reserved = z
  .array(z.string().refine((text) => reservedRange(text) !== null, "Reserved are single addresses or ranges such as 10.1.2.10-10.1.2.20."))
  .max(50, "At most 50 ranges can be reserved.");

const Mtu = z.number("The MTU is a whole number.").int().min(576, "An MTU is at least 576.").max(9000, "An MTU is at most 9000.");
const Dns = z.array(Ipv4).max(3, "Nodes ask at most 3 name servers.");

export const CreateSegment = z
  .object({
    /** Slug of the tenant whose it is. */
    owner: Label,
    name: Label,
    /** A subnet of one's own; default: the next one of the pool. */
    cidr: Subnet.optional(),
    /** Size of the subnet out of the pool. */
    bits: z.number().int().min(16, "A subnet has between 16 and 28 bits.").max(28, "A subnet has between 16 and 28 bits.").default(24),
    uplink: z.enum(["none", "vlan", "vxlan"], "The uplink of a segment is none, vlan or vxlan.").default("none"),
    /** Default: the next of the site's pool. */
    vlanId: z.number().int().min(1, "A VLAN id is between 1 and 4094.").max(4094, "A VLAN id is between 1 and 4094.").optional(),
    vni: z.number().int().min(1, "A VNI is between 1 and 16777215.").max(16_777_215, "A VNI is between 1 and 16777215.").optional(),
    mtu: Mtu.default(1500),
    dns: Dns.default([]),
    reserved: Reserved.default([]),
  })
  .refine((input) => input.vlanId === undefined || input.uplink === "vlan", {
    message: "A VLAN id needs the uplink vlan.",
    path: ["vlanId"],
  })
  .refine((input) => input.vni === undefined || input.uplink === "vxlan", { message: "A VNI needs the uplink vxlan.", path: ["vni"] });

export const SegmentRef = z.object({ segment: Id });

export const EditSegment = SegmentRef.extend({ mtu: Mtu.optional(), dns: Dns.optional(), reserved: Reserved.optional() });

export const DeleteSegment = SegmentRef.extend({
  /** Must repeat the segment's name. */
  confirm: z.string(),
});

export interface SegmentView {
  id: string;
  name: string;
  tenant: { slug: string; name: string };
  cidr: string;
  uplink: "none" | "vlan" | "vxlan";
  /** VLAN id or VNI. */
  number: number | null;
  /** "VLAN 100", "VXLAN 7001", "one host only". */
  uplinkWords: string;
  /** As it was set; nodes of a VXLAN get what the underlay leaves. */
  mtu: number;
  /** What nodes get. */
  effectiveMtu: number;
  dns: string[];
  reserved: string[];
  /** Addresses for nodes: all, with a node, and such that rest after use. */
  addresses: { size: number; used: number; resting: number };
  clusters: number;
  /** Hosts that carry it, each with its own address there. */
  hosts: { name: string; ip: string }[];
}
