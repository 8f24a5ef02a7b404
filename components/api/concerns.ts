const wholeTenant = new Set(["clusters.list", "clusters.fit", "clusters.fitResize", "tenants.home", "tenants.people", "volumes.list"]);
const oneCluster = new Set(["clusters.get", "clusters.activity", "clusters.shares"]);

/** Does a change of these clusters make this query's data old? Keys are tRPC's: [["clusters","get"], { input, type }]. */
export function concerns(key: readonly unknown[], clusters: ReadonlySet<string>, everything: boolean): boolean {
  const [path, options] = key;
  if (!Array.isArray(path)) return false;
  const name = path.join(".");
  if (wholeTenant.has(name)) return true;
  if (!oneCluster.has(name)) return false;
  if (everything) return true;
  const input: unknown = typeof options === "object" && options !== null && "input" in options ? options.input : null;
  const cluster: unknown = typeof input === "object" && input !== null && "cluster" in input ? input.cluster : null;
  return typeof cluster === "string" && clusters.has(cluster);
}
