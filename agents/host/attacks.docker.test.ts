/** What a hostile node tries, each beside a control that shows that the attempt itself works where nothing stops it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { after, before, describe, it } from "node:test";
import { widest } from "../protocol/capability.ts";
import { run } from "./exec.ts";
import { capabilitiesOf } from "./facts.ts";
import { freshId, net, node, volume } from "./testing/specs.ts";
import { type Stack, startStack } from "./testing/stack.ts";

/** Perl that tries a TCP connection and says how it went. */
const tryTcp = (ip: string, port: number) => [
  "/usr/bin/perl",
  "-MIO::Socket::INET",
  "-e",
  `my $s = IO::Socket::INET->new(PeerAddr => "${ip}", PeerPort => ${port}, Timeout => 1); print $s ? "reached" : "refused"`,
];

/** Opens the root of the file system that carries /etc/resolv.conf: the host's own disk. */
const openByHandle = [
  "/usr/bin/perl",
  "-e",
  'open(my $m, "<", "/etc/resolv.conf") or die; my $h = pack("IiII", 8, 1, 2, 0); my $fd = syscall(304, fileno($m), $h, 0); my $d; print $fd >= 0 && opendir($d, "/proc/self/fd/$fd") ? "opened:" . join(",", readdir $d) : "refused:$!"',
];

describe("a hostile node", () => {
  let s: Stack;
  let host: Server;
  let port: number;
  let control: string;
  let nodes: ReturnType<typeof node>[];
  const mine = net("tenantone", freshId("s"));
  const open = net("tenanttwo", freshId("s"));
  // Random, so that two runs on one machine do not meet.
  const outer = `198.18.${randomInt(1, 255)}`;
  const other = { ...open, segment: { ...open.segment, egress: "closed" as const, dns: [`${outer}.3`] } };
  const linkLocal = `169.254.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const ids = { attacker: "attackera", mate: "clustermate", neighbour: "neighboura", foreigner: "foreignera" };

  before(async () => {
    s = await startStack();
    // Something of the host's that listens everywhere, and a metadata-like address.
    await run("ip", ["addr", "add", `${linkLocal}/32`, "dev", "lo"]);
    host = createServer((socket) => socket.on("error", () => socket.destroy()).end("host")).listen(0, "0.0.0.0");
    await new Promise((resolve) => host.once("listening", resolve));
    const address = host.address();
    port = typeof address === "object" && address ? address.port : 0;

    const bounding = capabilitiesOf(await readFile("/proc/self/status", "utf8"));
    const make = (id: string, last: number, part: Partial<Parameters<typeof node>[0]> = {}) =>
      node({
        id,
        name: id,
        ip: `${mine.base}.${last}`,
        segment: mine.segment.id,
        volume: `vol${id}`,
        image: s.image,
        tenant: "tenantone",
        ...part,
      });
    nodes = [
      // As far as a node can be given anything here: the set Full, with the right to gain privileges.
      make(ids.attacker, 2, { capabilities: widest.filter((name) => bounding.includes(name)), sudo: true }),
      make(ids.mate, 3),
      make(ids.neighbour, 4, { cluster: { id: "clustertwo", name: "two" } }),
      make(ids.foreigner, 2, {
        ip: `${other.base}.2`,
        segment: other.segment.id,
        tenant: "tenanttwo",
        cluster: { id: "clusterthree", name: "three" },
      }),
    ];
    await put(other.segment);
    await s.until(
      "all healthy",
      (o) => o.nodes.length === 4 && o.nodes.every((n) => n.services.length > 0 && n.services.every((x) => x.healthy)),
    );

    const plain = await s.docker.createContainer({
      Image: s.image,
      Cmd: ["/bin/sleep", "300"],
      Labels: { "io.kindling.installation": `${s.installation}control` },
      HostConfig: { CapAdd: ["DAC_READ_SEARCH"] },
    });
    control = plain.id;
    await plain.start();
  });

  after(async () => {
    await s.docker.getContainer(control).remove({ force: true });
    await new Promise((resolve) => host.close(resolve));
    await run("ip", ["addr", "del", `${linkLocal}/32`, "dev", "lo"]);
    await s.dispose();
  });

  const put = (second: typeof other.segment) =>
    s.put({ segments: [mine.segment, second], volumes: nodes.map((n) => volume(n.volume, n.tenant)), nodes });
  async function inControl(command: string[]): Promise<string> {
    const exec = await s.docker.getContainer(control).exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
    let out = "";
    for await (const chunk of await exec.start({ Tty: true })) out += String(chunk);
    return out;
  }
  const from = async (id: string, command: string[]) => (await s.exec(id, command)).out;

  it("reaches nothing that the host listens on, at whichever of its addresses", async () => {
    assert.equal(await inControl(tryTcp("172.17.0.1", port)), "reached", "control: another container gets there");
    for (const address of [`${mine.base}.254`, "172.17.0.1", `${other.base}.254`])
      assert.equal(await from(ids.attacker, tryTcp(address, port)), "refused", address);
  });

  it("reaches no link-local address, where clouds keep their metadata", async () => {
    assert.equal(await inControl(tryTcp(linkLocal, port)), "reached", "control: another container gets there");
    assert.equal(await from(ids.attacker, tryTcp(linkLocal, port)), "refused");
  });

  it("does not reach another tenant's node", async () => {
    assert.equal(await from(ids.attacker, tryTcp(`${mine.base}.3`, 9999)), "reached", "control: a node of its own tenant");
    assert.equal(await from(ids.attacker, tryTcp(`${other.base}.2`, 9999)), "refused");
    assert.equal(await inControl(tryTcp(`${other.base}.2`, 9999)), "refused", "nor does any other container of the host");
  });

  it("does not reach a guarded port of another cluster of its tenant", async () => {
    assert.equal(await from(ids.attacker, tryTcp(`${mine.base}.4`, 9999)), "reached", "control: a port that is not guarded");
    assert.equal(await from(ids.attacker, tryTcp(`${mine.base}.3`, 8888)), "reached", "control: the same port of its own cluster");
    assert.equal(await from(ids.attacker, tryTcp(`${mine.base}.4`, 8888)), "refused");
    assert.equal(await from(ids.neighbour, tryTcp(`${mine.base}.2`, 8888)), "refused");
  });

  it("reaches the outside only where its tenant's segment is open, or what is listed for it, at once and without a restart", async () => {
    const outside = await startOutside();
    const foreign = (last: number, port: number) => from(ids.foreigner, tryTcp(`${outer}.${last}`, port));
    const started = async () => {
      const filters = { label: [`io.kindling.node=${ids.foreigner}`, `io.kindling.installation=${s.installation}`] };
      const [container] = await s.docker.listContainers({ filters });
      return (await s.docker.getContainer(container?.Id ?? "").inspect()).State.StartedAt;
    };
    try {
      const before = await started();
      for (const [last, port] of [
        [2, 7],
        [2, 53],
        [3, 7],
        [3, 53],
      ] as const)
        assert.equal(await from(ids.attacker, tryTcp(`${outer}.${last}`, port)), "reached", "control: the open segment gets there");
      assert.equal(await foreign(2, 7), "refused", "closed");

      const allow = [
        { network: `${outer}.2`, protocol: "tcp" as const, ports: [[7, 7] satisfies [number, number]] },
        // What no node reaches stays so.
        ...[`${linkLocal}/32`, "172.17.0.1", `${mine.base}.0/24`].map((network) => ({ network, protocol: null, ports: [] })),
      ];
      await put({ ...other.segment, allow });
      for (let tries = 0; (await foreign(2, 7)) !== "reached"; tries++) assert.ok(tries < 60, "what is listed is reached in the end");
      assert.equal(await foreign(2, 53), "refused", "another port of it");
      assert.equal(await foreign(3, 7), "refused", "another address");
      assert.equal(await foreign(3, 53), "reached", "its name server, which nobody listed");
      for (const address of [linkLocal, "172.17.0.1", `${other.base}.254`])
        assert.equal(await from(ids.foreigner, tryTcp(address, port)), "refused", `${address}, although it is listed`);
      assert.equal(await from(ids.foreigner, tryTcp(`${mine.base}.3`, 9999)), "refused", "another tenant, although it is listed");

      // What is open already ends, too.
      const talk = from(ids.foreigner, [
        "/usr/bin/perl",
        "-MIO::Socket::INET",
        "-e",
        `my $s = IO::Socket::INET->new(PeerAddr => "${outer}.2", PeerPort => 7, Timeout => 5) or die; $s->autoflush(1); my $said = 0; while ($said < 300) { print $s "x"; my $r = ""; vec($r, fileno($s), 1) = 1; last unless select($r, undef, undef, 5) && sysread($s, my $b, 9); $said++; select(undef, undef, undef, 0.1) } print $said == 300 ? "went on" : $said ? "cut off" : "never heard"`,
      ]);
      await outside.talked;
      await put({ ...other.segment, allow: allow.slice(1) });
      assert.equal(await talk, "cut off");
      assert.equal(await foreign(2, 7), "refused", "taken off the list");
      assert.equal(await from(ids.attacker, tryTcp(`${outer}.2`, 7)), "reached", "control: it is still there");
      assert.equal(await started(), before, "the node was not started again");
    } finally {
      await outside.stop();
    }
  });

  /** A machine outside with two addresses that listens on the ports 7 and 53, and says back what it hears. */
  async function startOutside(): Promise<{ talked: Promise<unknown>; stop: () => Promise<void> }> {
    const name = freshId("kt").slice(0, 9);
    await run("ip", ["netns", "add", name]);
    const enter = "nsenter";
    const server = spawn(
      enter,
      [
        `--net=/run/netns/${name}`,
        "perl",
        "-MIO::Socket::INET",
        "-MIO::Select",
        "-e",
        'my %l = map { my $s = IO::Socket::INET->new(LocalPort => $_, Listen => 5) or die; ($s => $s) } 7, 53; my $all = IO::Select->new(values %l); $|=1; print "ready"; while (my @r = $all->can_read) { for my $c (@r) { if ($l{$c}) { $all->add($c->accept) } elsif (sysread($c, my $b, 9)) { syswrite($c, $b); print "talked" } else { $all->remove($c); close $c } } }',
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const stop = async () => {
      server.kill();
      await run("ip", ["netns", "del", name]);
    };
    try {
      await run("ip", ["link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name]);
      await run("ip", ["addr", "add", `${outer}.1/29`, "dev", name]);
      await run("ip", ["link", "set", name, "up"]);
      for (const last of [2, 3]) await run("ip", ["-n", name, "addr", "add", `${outer}.${last}/29`, "dev", "eth0"]);
      await run("ip", ["-n", name, "link", "set", "eth0", "up"]);
      await once(server.stdout, "data");
      return { talked: once(server.stdout, "data"), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  }

  it("cannot speak in another node's name, even with raw packets", async () => {
    const ready = Promise.withResolvers<void>();
    const listener = [
      "/usr/bin/perl",
      "-MIO::Socket::INET",
      "-e",
      '$|=1; my $u = IO::Socket::INET->new(LocalPort => 7777, Proto => "udp") or die; print "ready\\n"; alarm 60; while (1) { my $p = recv($u, my $b, 100, 0); my ($port, $from) = sockaddr_in($p); print inet_ntoa($from), " $b\\n"; last if $b =~ /end/ }',
    ];
    const listen = s.exec(ids.neighbour, listener, (out) => out.includes("ready") && ready.resolve());
    await Promise.race([ready.promise, listen.then(({ out }) => assert.fail(`it ended before it listened: ${out}`))]);
    const send = (source: string, text: string) => {
      const [a, b] = [source, `${mine.base}.4`].map((ip) => ip.split(".").join(","));
      return `my $d="${text}"; my $l=length($d); my $ip=pack("CCnnnCCnC4C4",69,0,28+$l,1,0,64,17,0,${a},${b}); my $udp=pack("nnnn",5555,7777,8+$l,0); send($r,$ip.$udp.$d,0,sockaddr_in(7777,inet_aton("${mine.base}.4"))) or die "send: $!";`;
    };
    const raw = `use Socket; socket(my $r, 2, 3, 255) or die "raw: $!"; setsockopt($r,0,3,1); for (1..10) { ${send(`${mine.base}.3`, "forged")} ${send(`${mine.base}.2`, "honest")} select(undef,undef,undef,0.05) } ${send(`${mine.base}.2`, "end")}`;
    const sent = await s.exec(ids.attacker, ["/usr/bin/perl", "-e", raw]);
    assert.equal(sent.code, 0, sent.out);
    const heard = (await listen).out;
    assert.match(heard, /\.2 honest/, "control: the same packet with its own address arrives");
    assert.doesNotMatch(heard, /forged/);
  });

  it("opens no file of the host by its handle, with the capability that allows it", async () => {
    const opened = await inControl(openByHandle);
    assert.match(opened, /^opened:.*\betc\b/, "control: the engine's default filter lets it through");
    assert.match(await from(ids.attacker, openByHandle), /^refused:Operation not permitted/);
  });

  it("gets nothing for swapping its supervisor's socket for a link to Docker's", async () => {
    const socket = `${s.dirs.nodes}/${ids.attacker}/run/supervisor.sock`;
    const log = `/v1/log?node=${ids.attacker}&service=jupyter`;
    assert.deepEqual(await s.call("portal", "GET", log), { status: 200, body: "hello & welcome\n" }, "control: the log can be read");
    await s.exec(ids.attacker, ["/bin/mv", "/run/kindling/supervisor.sock", "/run/kindling/kept.sock"]);
    await s.exec(ids.attacker, ["/bin/ln", "-s", "/var/run/docker.sock", "/run/kindling/supervisor.sock"]);
    const naive = await new Promise<string>((resolve, reject) => {
      const c = connect(socket, () => c.write("GET /_ping HTTP/1.0\r\n\r\n"));
      let text = "";
      c.on("data", (chunk) => (text += String(chunk)));
      c.on("close", () => resolve(text));
      c.on("error", reject);
    });
    assert.match(naive, /200 OK/, `control: whoever follows the link on ${hostname()} talks to Docker`);
    const answer = await s.call("portal", "GET", log);
    assert.equal(answer.status, 503);
    assert.match(answer.body, /log_unavailable/);
    await s.exec(ids.attacker, ["/bin/rm", "/run/kindling/supervisor.sock"]);
    await s.exec(ids.attacker, ["/bin/mv", "/run/kindling/kept.sock", "/run/kindling/supervisor.sock"]);
    assert.equal((await s.call("portal", "GET", log)).status, 200);
  });

  it("archives links as links, and no directory that is a link", async () => {
    await s.exec(ids.attacker, ["/bin/mkdir", "/data/notebooks"]);
    await s.exec(ids.attacker, ["/bin/sh", "-c", "echo mine > /data/notebooks/own; ln -s /etc/shadow /data/notebooks/stolen"]);
    const archive = `/v1/archive?volume=vol${ids.attacker}&path=notebooks`;
    const tar = await s.call("portal", "GET", archive);
    assert.match(tar.body, /notebooks\/own[\s\S]*mine/, "control: a file is there with its content");
    assert.match(tar.body, /notebooks\/stolen/);
    assert.doesNotMatch(tar.body, /root:/);
    await s.exec(ids.attacker, ["/bin/sh", "-c", "mv /data/notebooks /data/kept; ln -s /etc /data/notebooks"]);
    assert.equal((await s.call("portal", "GET", archive)).status, 404);
  });
});
