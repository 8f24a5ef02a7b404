/** Which ports of a node somebody listens on, from the kernel's own tables: asking there costs a small part of a connection that is refused. */
import { closeSync, openSync, readSync } from "node:fs";

const limit = 65_536;

/**
 * Ports in the network namespace `/proc/<pid>/ns/net`. Null when the tables cannot be read, or are larger than they are while a node starts:
 * then every port has to be tried.
 */
export function listeningPorts(sandbox: string): ReadonlySet<number> | null {
  const folder = sandbox.replace(/\/ns\/net$/, "/net");
  const four = head(`${folder}/tcp`);
  const six = head(`${folder}/tcp6`);
  return four === null || six === null ? null : new Set([...portsIn(four), ...portsIn(six)]);
}

/** Pure: local ports of the lines in the state LISTEN (0A), for example "0: 00000000:1F90 00000000:0000 0A …". */
export function portsIn(table: string): number[] {
  return [...table.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /gm)].map((match) =>
    Number.parseInt(match[1] ?? "", 16),
  );
}

/** The kernel answers from memory: nothing is waited for. */
function head(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return null;
  }
  try {
    const bytes = Buffer.alloc(limit);
    let size = 0;
    for (let read = -1; read !== 0 && size < limit; size += read) read = readSync(file, bytes, size, limit - size, null);
    return size < limit ? bytes.toString("latin1", 0, size) : null;
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}
