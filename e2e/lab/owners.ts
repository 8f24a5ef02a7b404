/** Whether an address or a volume ever has two owners: what the hosts are seen to hold, one after the other, beside what the database says. */

/** A node as a host runs it at the moment of a look. */
export interface Held {
  readonly container: string;
  readonly node: string;
  readonly ip: string;
  readonly volume: string;
  /** Its host lets it speak. One that is cut off by its host owns no address, but its volume still. */
  readonly speaks: boolean;
}

/** Where the database has an address: the node's host, or null when it is nobody's. */
export interface Row {
  readonly ip: string;
  readonly node: string | null;
  readonly host: string | null;
  readonly volume: string | null;
}

export interface Owners {
  /** Hosts and database have to be told of in turn. */
  host(name: string, held: readonly Held[]): void;
  database(rows: readonly Row[]): void;
  readonly looks: number;
  /** Containers that were seen in two looks at least: without any the rest says nothing. */
  readonly seen: ReadonlySet<string>;
  readonly twice: ReadonlySet<string>;
}

/**
 * Looks are not at the same moment. What a host had in two looks at it, in one container, it had at every look at somebody else in between: only that is
 * held against the others, so a node that moves orderly is never mistaken for two.
 */
export function makeOwners(): Owners {
  const last = new Map<string, readonly Held[]>();
  let rows: ReadonlyMap<string, Row> | null = null;
  let looks = 0;
  const seen = new Set<string>();
  const twice = new Set<string>();

  function compare(name: string, before: Held, now: Held): void {
    seen.add(now.container);
    const speaks = before.speaks && now.speaks;
    for (const [other, held] of last)
      for (const one of other === name ? [] : held) {
        if (speaks && one.speaks && one.ip === now.ip) twice.add(`${now.ip} is had by ${now.node} on ${name} and ${one.node} on ${other}`);
        if (one.volume === now.volume) twice.add(`volume ${now.volume} is used on ${name} and on ${other}`);
      }
    if (!rows) return;
    const row = rows.get(now.ip);
    if (speaks && (row?.node !== now.node || row.host !== name))
      twice.add(
        `${now.ip} is had by ${now.node} on ${name}; the database has it as ${row?.node ?? "nobody"}'s on ${row?.host ?? "no host"}`,
      );
    for (const { volume, host } of rows.values())
      if (volume === now.volume && host !== name) twice.add(`volume ${now.volume} is used on ${name}; the database has it on ${host}`);
  }

  return {
    host(name, held) {
      looks += 1;
      const before = last.get(name) ?? [];
      for (const now of held) {
        const same = before.find((one) => one.container === now.container);
        if (same) compare(name, same, now);
      }
      last.set(name, held);
    },
    database(found) {
      rows = new Map(found.map((row) => [row.ip, row]));
    },
    get looks() {
      return looks;
    },
    seen,
    twice,
  };
}
