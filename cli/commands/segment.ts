import type { Command } from "commander";
import { type Call, withApi } from "../context.ts";
import { CliError } from "../exit.ts";
import { numeric } from "../numeric.ts";
import { table } from "../output.ts";
import { sayWhat } from "../say-what.ts";

interface Settings {
  mtu?: number;
  dns?: string;
  reserved?: string;
}

const uplinks = ["none", "vlan", "vxlan"] as const;

/** "none" takes a list back. */
const listOf = (text: string): string[] =>
  text === "none"
    ? []
    : text
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean);

function settingsOf({ mtu, dns, reserved }: Settings) {
  return {
    ...(mtu === undefined ? {} : { mtu }),
    ...(dns === undefined ? {} : { dns: listOf(dns) }),
    ...(reserved === undefined ? {} : { reserved: listOf(reserved) }),
  };
}

function withSettings(command: Command): Command {
  return command
    .option("--mtu <bytes>", "largest packet; nodes of a VXLAN get what the hosts' network leaves", numeric)
    .option("--dns <addresses>", 'name servers of its nodes, separated by commas; "none": as their host')
    .option("--reserved <ranges>", 'addresses that nodes never get: "10.1.2.10-10.1.2.20,10.1.2.30"; "none"');
}

/** The segment of a tenant by its name. @throws CliError not_found */
async function segmentOf({ api }: Call, owner: string, name: string): Promise<{ id: string }> {
  const all = await api.segments.list.query();
  const found = all.find((one) => one.tenant.slug === owner && one.name === name);
  if (found) return found;
  const names = all.filter((one) => one.tenant.slug === owner).map((one) => one.name);
  const known = names.length > 0 ? `Its segments: ${names.join(", ")}.` : '"kindling segment list" shows all.';
  throw new CliError("not_found", `The tenant ${owner} has no segment ${name}. ${known}`);
}

export function segmentCommands(program: Command): void {
  addTo(program.command("segment"));
  // What it was called before: scripts go on, and help names one word only.
  addTo(program.command("network", { hidden: true }));
}

function addTo(parent: Command): void {
  parent.description("segments, the networks of tenants: subnets, VLANs, VXLANs, addresses (site administrators)");
  parent
    .command("list")
    .description("every segment with its addresses: for nodes in all, taken, at rest after use")
    .option("--of <tenant>", "only this tenant's")
    .action(({ of }: { of?: string }, command: Command) =>
      withApi(command, async (call) => {
        const rows = (await call.api.segments.list.query()).filter((row) => of === undefined || row.tenant.slug === of);
        // None of a tenant is a fact; none of one that does not exist is a slip.
        if (of !== undefined && rows.length === 0) await call.api.siteTenants.get.query({ tenant: of });
        const words = table(
          ["TENANT", "SEGMENT", "SUBNET", "UPLINK", "MTU", "ADDRESSES", "TAKEN", "AT REST", "CLUSTERS", "HOSTS"],
          rows.map(({ tenant, name, cidr, uplinkWords, effectiveMtu, addresses, clusters, hosts }) => [
            ...[tenant.slug, name, cidr, uplinkWords, String(effectiveMtu)],
            ...[addresses.size, addresses.used, addresses.resting, clusters].map(String),
            hosts.map((host) => `${host.name} ${host.ip}`).join(", ") || "none",
          ]),
        );
        call.result(rows, words);
      }),
    );
  withSettings(
    parent
      .command("create")
      .description("give a tenant a segment; what is not said comes from the site's pools")
      .argument("<tenant>", "whose it is")
      .argument("<segment>", "its name: lower-case letters, digits and hyphens")
      .option("--uplink <uplink>", "how it crosses hosts: none (one host only), vlan, vxlan", "none")
      .option("--subnet <cidr>", "a subnet of one's own, for example 10.1.2.0/24")
      .option("--bits <n>", "size of the subnet out of the pool, for example 26", numeric)
      .option("--vlan <id>", "its VLAN id, with --uplink vlan", numeric)
      .option("--vni <id>", "its VNI, with --uplink vxlan", numeric),
  ).action(
    (
      owner: string,
      name: string,
      options: Settings & { uplink: string; subnet?: string; bits?: number; vlan?: number; vni?: number },
      command: Command,
    ) =>
      withApi(command, async (call) => {
        const uplink = uplinks.find((one) => one === options.uplink);
        if (!uplink) throw new CliError("bad_request", `--uplink is ${uplinks.join(", ")}; it was ${options.uplink}.`);
        const { subnet, bits, vlan, vni } = options;
        if (subnet !== undefined && bits !== undefined)
          throw new CliError(
            "bad_request",
            "--bits is the size of a subnet out of the pool; --subnet says its own. Leave one of them out.",
          );
        const made = await call.api.segments.create.mutate({
          ...{ owner, name, uplink, ...settingsOf(options) },
          ...(subnet === undefined ? {} : { cidr: subnet }),
          ...(bits === undefined ? {} : { bits }),
          ...(vlan === undefined ? {} : { vlanId: vlan }),
          ...(vni === undefined ? {} : { vni }),
        });
        const shown = (await call.api.segments.list.query()).find(({ id }) => id === made.id);
        call.result(made, `${owner} has the segment ${name}${shown ? `: ${shown.cidr}, ${shown.uplinkWords}` : ""}.`);
      }),
  );
  withSettings(
    parent
      .command("edit")
      .description("change its name servers, MTU or reserved addresses; what is not said stays")
      .argument("<tenant>", "whose it is")
      .argument("<segment>", "its name"),
  ).action((owner: string, name: string, options: Settings, command: Command) =>
    withApi(command, async (call) => {
      const said = sayWhat(settingsOf(options), "segment edit");
      const { id } = await segmentOf(call, owner, name);
      call.result(await call.api.segments.edit.mutate({ segment: id, ...said }), `${name} of ${owner} is changed.`);
    }),
  );
  parent
    .command("delete")
    .description("forget a segment that no cluster uses")
    .argument("<tenant>", "whose it is")
    .argument("<segment>", "its name")
    .requiredOption("--confirm <name>", "repeat the segment's name")
    .action((owner: string, name: string, { confirm }: { confirm: string }, command: Command) =>
      withApi(command, async (call) => {
        const { id } = await segmentOf(call, owner, name);
        call.result(await call.api.segments.delete.mutate({ segment: id, confirm }), `${name} of ${owner} is deleted.`);
      }),
    );
}
