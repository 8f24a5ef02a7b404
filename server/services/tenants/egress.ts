/** What people say of destinations: text to rule and back. */
import { z } from "zod";
import { type EgressRule, egressText, mostDestinations, neverReached } from "../../../agents/protocol/egress.ts";
import { Ipv4, Port } from "../../../agents/protocol/ids.ts";

const how = 'Write "10.1.2.0/24", "10.1.2.3 tcp" or "10.1.2.3 tcp 443,8000-8100".';
const mostPorts = 20;

const numberOf = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const textOf = (number: number): string => [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");

/** First and last address. */
function spanOf(network: string): [number, number] {
  const [address = "", length = "32"] = network.split("/");
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(numberOf(address) / size) * size;
  return [first, first + size - 1];
}

/** The network as it is kept, or why it is none. */
function networkOf(text: string): { network: string } | { wrong: string } {
  const [address = "", length, more] = text.split("/");
  if (address.includes(":")) return { wrong: `${text} is IPv6, which nodes do not have. ${how}` };
  if (!Ipv4.safeParse(address).success || more !== undefined)
    return { wrong: `${text} is no IPv4 address or network; names cannot be listed, only where they lead. ${how}` };
  if (length !== undefined && !/^(\d|[12]\d|3[0-2])$/.test(length))
    return { wrong: `${text} is no network: after the slash comes a number from 0 to 32. ${how}` };
  const [first, last] = spanOf(text);
  if (length !== undefined && numberOf(address) !== first)
    return {
      wrong: `${text} is an address within ${textOf(first)}/${length}. Write that for the network, or ${address} for the one address.`,
    };
  const never = neverReached.find((one) => spanOf(one)[0] <= first && last <= spanOf(one)[1]);
  if (never) {
    const lies = never === text ? "is" : `lies in ${never},`;
    return { wrong: `${text} ${lies} what no node ever reaches, whatever is listed. Take it off the list.` };
  }
  return { network: length === "32" ? address : text };
}

function portsOf(text: string): { ports: [number, number][] } | { wrong: string } {
  const ports: [number, number][] = [];
  for (const one of text.split(",")) {
    const [, low = "", high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(one) ?? [];
    const [from, to] = [Port.safeParse(low === "" ? null : Number(low)), Port.safeParse(high === "" ? null : Number(high))];
    if (!from.success || !to.success || from.data > to.data)
      return { wrong: `${one || text} is no port: ports are numbers from 1 to 65535 or ranges such as 8000-8100, separated by commas.` };
    ports.push([from.data, to.data]);
  }
  if (ports.length > mostPorts)
    return {
      wrong: `One destination has at most ${mostPorts} ports or ranges; this one has ${ports.length}. List it a second time for the others.`,
    };
  return { ports: ports.sort((a, b) => a[0] - b[0] || a[1] - b[1]) };
}

function ruleOf(text: string): EgressRule | { wrong: string } {
  const [where = "", protocol, ports, ...more] = text.split(/\s+/);
  if (where === "") return { wrong: `A destination is missing. ${how}` };
  const at = networkOf(where);
  if ("wrong" in at) return at;
  if (protocol === undefined) return { ...at, protocol: null, ports: [] };
  if (/^\d/.test(protocol)) return { wrong: `Ports belong to a protocol: say tcp or udp before ${protocol}. ${how}` };
  const name = protocol.toLowerCase();
  if (name !== "tcp" && name !== "udp")
    return { wrong: `${protocol} is neither tcp nor udp; leave it out to let everything through. ${how}` };
  if (ports === undefined) return { ...at, protocol: name, ports: [] };
  if (more.length > 0) return { wrong: `Ports are separated by commas, without spaces. ${how}` };
  const said = portsOf(ports);
  return "wrong" in said ? said : { ...at, protocol: name, ports: said.ports };
}

/** One destination as people write it: a network or address, tcp or udp if only that, and its ports if only those. */
const Destination = z
  .string("A destination is text.")
  .trim()
  .max(300, "A destination has at most 300 characters.")
  .transform((text, ctx): EgressRule => {
    const rule = ruleOf(text);
    if (!("wrong" in rule)) return rule;
    ctx.addIssue({ code: "custom", message: rule.wrong });
    return z.NEVER;
  });

/** The destinations of a tenant; the same one said twice is one. */
export const EgressList = z
  .array(Destination)
  .max(mostDestinations, `A tenant's list has at most ${mostDestinations} destinations. One network takes the place of many addresses.`)
  .transform((rules) => [...new Map(rules.map((rule) => [egressText(rule), rule])).values()]);
