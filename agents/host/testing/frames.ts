/** Frames as an attacker makes them by hand, in hexadecimal, and Perl programs that send and see them: every image has Perl. */
import { macOf } from "../drivers/container/create-options.ts";

export const types = { ip: 0x800, arp: 0x806, tag: 0x8100, serviceTag: 0x88a8 };

const mac = (text: string) => Buffer.from(text.replaceAll(":", ""), "hex");
const ip = (text: string) => Buffer.from(text.split(".").map(Number));
const short = (...numbers: number[]) => Buffer.from(numbers.flatMap((number) => [number >> 8, number & 255]));

function checksum(data: Buffer): Buffer {
  let total = 0;
  for (let at = 0; at < data.length; at += 2) total += data.readUInt8(at) * 256 + (data[at + 1] ?? 0);
  while (total > 65_535) total = (total & 65_535) + (total >> 16);
  return short(~total & 65_535);
}

function packet(from: string, to: string, protocol: number, payload: Buffer): Buffer {
  const head = (check: Buffer) => Buffer.concat([short(0x4500, 20 + payload.length, 7, 0, 64 * 256 + protocol), check, ip(from), ip(to)]);
  return Buffer.concat([head(checksum(head(short(0)))), payload]);
}

/** A datagram to port 7777. */
export function udp(from: string, to: string, mark: string): Buffer {
  return packet(from, to, 17, Buffer.concat([short(5, 7777, 8 + mark.length, 0), Buffer.from(mark)]));
}

/** What opens a connection, with a mark as its data. */
export function syn(from: string, to: string, port: number, mark: string): Buffer {
  const whole = (check: Buffer) => Buffer.concat([short(3000, port, 0, 1000, 0, 0, 0x5002, 65_535), check, short(0), Buffer.from(mark)]);
  const plain = whole(short(0));
  return packet(from, to, 6, whole(checksum(Buffer.concat([ip(from), ip(to), short(6, plain.length), plain]))));
}

/** "Who has `to`? Tell `from`." */
export function question(from: string, to: string): Buffer {
  return Buffer.concat([short(1, types.ip, 0x0604, 1), mac(macOf(from)), ip(from), short(0, 0, 0), ip(to)]);
}

/** @param kinds the type, with tags before it, each followed by its number */
export function frame(to: string, from: string, kinds: readonly number[], payload: Buffer): string {
  return Buffer.concat([mac(to), mac(from), short(...kinds), payload]).toString("hex");
}

/** Sends the frames in its arguments by eth0. */
export const sendFrames =
  'socket(my $s, 17, 3, 0) or die "socket: $!"; my $name = pack("a16 x16", "eth0"); ioctl($s, 0x8933, $name) or die "index: $!"; my $to = pack("S n i S C C a8", 17, 0, unpack("x16 i", $name), 0, 0, 6, ""); for (@ARGV) { my $b = pack("H*", $_); $b .= "\\0" x (60 - length $b) if length $b < 60; send($s, $b, 0, $to) or die "send: $!" }';

/** Prints the marks of what comes in by any link and means this machine, or of datagrams to port 7777 where its argument is `datagrams`. */
export const hearMarks =
  '$| = 1; use Socket; my $own = ($ARGV[0] // "") eq "datagrams"; if ($own) { socket(my $u, 2, 2, 0); bind($u, sockaddr_in(7777, INADDR_ANY)) or die "bind: $!"; open(S, "+<&", $u) } else { socket(S, 17, 3, 0x0300) or die "socket: $!" } print "ready\\n"; while (1) { my $from = recv(S, my $b, 2000, 0); next if !$own && (unpack("S n i S C", $from))[4] == 4; print "$1\\n" if $b =~ /(mark-[a-z0-9-]+)/ }';
