/** Frames as a hostile node would make them, byte by byte. */
import { macOf } from "../../agents/host/drivers/container/create-options.ts";

export interface Datagram {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** The sender's MAC; without it the one that belongs to the address. */
  readonly mac?: string;
}

const bytesOf = (mac: string): Buffer => Buffer.from(mac.replaceAll(":", ""), "hex");
const octets = (ip: string): Buffer => Buffer.from(ip.split(".").map(Number));

function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** An Ethernet frame with UDP to port 7777 in it. */
export function udpFrame({ from, to, text, mac = macOf(from) }: Datagram): Buffer {
  const data = Buffer.from(text);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(5555, 0);
  udp.writeUInt16BE(7777, 2);
  udp.writeUInt16BE(8 + data.length, 4);
  const ip = Buffer.alloc(20);
  ip.set([0x45, 0]);
  ip.writeUInt16BE(28 + data.length, 2);
  ip.set([64, 17], 8);
  ip.set(octets(from), 12);
  ip.set(octets(to), 16);
  ip.writeUInt16BE(checksum(ip), 10);
  return Buffer.concat([bytesOf(macOf(to)), bytesOf(mac), Buffer.from([8, 0]), ip, udp, data]);
}

/** Who has this address? Also as a claim to have it: with the sender's own address as the wanted one. */
export function arpFrame({ from, to, mac = macOf(from) }: Omit<Datagram, "text">): Buffer {
  const head = Buffer.concat([Buffer.alloc(6, 0xff), bytesOf(mac), Buffer.from([8, 6, 0, 1, 8, 0, 6, 4, 0, 1])]);
  return Buffer.concat([head, bytesOf(mac), octets(from), Buffer.alloc(6), octets(to)]);
}

/** What a tunnel's port would take for this frame on that network. */
export function tunnelled(vni: number, frame: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head[0] = 8;
  head.writeUInt32BE(vni << 8, 4);
  return Buffer.concat([head, frame]);
}

const perl = (script: string, args: readonly string[]) => ["/usr/bin/perl", "-e", script, ...args];

/** Puts frames on a link as they are, each several times. */
export const sendFrames = (link: string, frames: readonly Buffer[]) =>
  perl(
    `my $if = shift; socket(my $s, 17, 3, 0x0300) or die "packet socket: $!"; my $r = pack("a16 x16", $if); ioctl($s, 0x8933, $r) or die "$if: $!";
     my $i = unpack("x16 i", $r); for (1..5) { for my $h (@ARGV) { my $f = pack("H*", $h); send($s, $f, 0, pack("S n i S C C a8", 17, 0x0800, $i, 0, 0, 6, substr($f, 0, 6))) or print "send: $!\\n" } select(undef, undef, undef, 0.04) }`,
    [link, ...frames.map((f) => f.toString("hex"))],
  );

/** Asks who has an address and says whether anybody answers within a second. */
export const askArp = (frame: Buffer) =>
  perl(
    `socket(my $s, 17, 3, 0x0608) or die "packet socket: $!"; my $r = pack("a16 x16", "eth0"); ioctl($s, 0x8933, $r); my $i = unpack("x16 i", $r);
     my $f = pack("H*", shift); my $want = substr($f, 38, 4); send($s, $f, 0, pack("S n i S C C a8", 17, 0x0806, $i, 0, 0, 6, "\\xff" x 6)) or die "send: $!";
     my $end = time + 2; while (time < $end) { my $in = ""; vec($in, fileno($s), 1) = 1; next unless select($in, undef, undef, 0.3); recv($s, my $b, 2000, 0);
       if (unpack("n", substr($b, 20, 2)) == 2 && substr($b, 28, 4) eq $want) { print "answered"; exit } } print "silence"`,
    [frame.toString("hex")],
  );

/** Sends bytes by UDP, as any program may. */
export const sendUdp = (ip: string, port: number, payload: Buffer) =>
  perl(
    `use Socket; my ($ip, $port, $h) = @ARGV; socket(my $s, PF_INET, SOCK_DGRAM, 17) or die; for (1..5) { send($s, pack("H*", $h), 0, sockaddr_in($port, inet_aton($ip))) or print "send: $!\\n"; select(undef, undef, undef, 0.04) }`,
    [ip, String(port), payload.toString("hex")],
  );

/** Listens on UDP port 7777 until "end" comes or the seconds are over, and prints each different thing it hears. */
export const listenUdp = (seconds: number) =>
  perl(
    `use Socket; $| = 1; socket(my $s, PF_INET, SOCK_DGRAM, 17) or die; bind($s, sockaddr_in(7777, INADDR_ANY)) or die "bind: $!"; print "listening\\n"; alarm shift; my %h;
     while (1) { my $from = recv($s, my $b, 9000, 0) or next; my (undef, $a) = sockaddr_in($from); my $t = inet_ntoa($a) . " " . (length($b) > 100 ? length($b) . " bytes" : $b); print "$t\\n" unless $h{$t}++; exit if $b eq "end" }`,
    [String(seconds)],
  );

/** Pings each target, by address or name, for at most the seconds; prints `<target> <answered|lost> <ms waited> <name of its address>`. */
export const ping = (targets: readonly string[], seconds = 2) =>
  perl(
    `$ENV{RES_OPTIONS} = "timeout:1 attempts:1"; use Socket; sub now { my $b = pack("qq", 0, 0); syscall(228, 1, $b); my ($s, $n) = unpack("qq", $b); $s + $n / 1e9 } my $limit = shift; socket(my $s, PF_INET, SOCK_DGRAM, 1) or die "icmp: $!"; my $n = 0; my $t0;
     for my $t (@ARGV) { $t0 = now; my $a = inet_aton($t); if (!$a) { print "$t unknown 0 -\\n"; next } my $ok = 0;
       while (!$ok && now() - $t0 < $limit) { $n++; my $p = pack("CCnnn", 8, 0, 0, 0, $n) . "kindling"; send($s, $p, 0, sockaddr_in(0, $a)); my $until = now() + 0.1;
         while (!$ok && now() < $until) { my $in = ""; vec($in, fileno($s), 1) = 1; next unless select($in, undef, undef, 0.02); my $f = recv($s, my $b, 2000, 0) or next; my (undef, $from) = sockaddr_in($f); $ok = 1 if $from eq $a } }
       printf "%s %s %d %s\\n", $t, $ok ? "answered" : "lost", 1000 * (now() - $t0), $ok && gethostbyaddr($a, AF_INET) || "-" }`,
    [String(seconds), ...targets],
  );
