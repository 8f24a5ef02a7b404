/** A tenant's list of destinations as rows of a form. */
export interface DestinationRow {
  /** Stays while rows around it come and go. */
  key: number;
  network: string;
  protocol: "" | "tcp" | "udp";
  ports: string;
}

export function blankRow(rows: readonly DestinationRow[]): DestinationRow {
  return { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, network: "", protocol: "", ports: "" };
}

/** "10.1.2.0/24 tcp 443" as what is typed into one row. */
export function rowsOf(texts: readonly string[]): DestinationRow[] {
  return texts.map((text, key) => {
    const [network = "", protocol, ports = ""] = text.split(" ");
    return { key, network, protocol: protocol === "tcp" || protocol === "udp" ? protocol : "", ports };
  });
}

const said = (row: DestinationRow): string =>
  [row.network.trim(), row.protocol, row.ports.trim().replace(/\s*([,-])\s*/g, "$1")].filter(Boolean).join(" ");

/** What the rows say, without those that say nothing. */
export function textsOf(rows: readonly DestinationRow[]): string[] {
  return rows.map(said).filter(Boolean);
}

/** Which row a refusal of the API speaks of ("egressList.2"); null: none, or all of them. */
export function rowAtFault(rows: readonly DestinationRow[], field: string | null): number | null {
  const place = /^egressList\.(\d+)/.exec(field ?? "")?.[1];
  return place === undefined ? null : (rows.filter((row) => said(row) !== "")[Number(place)]?.key ?? null);
}
