import type { ClusterView } from "../../../server/services/clusters/schemas.ts";
import { megabytes } from "../../ui/format.ts";

/** What Delete destroys: nodes and disks with their sizes. Scrolls inside itself when there are many. */
export function Disks({ cluster, kept }: { cluster: ClusterView; kept: string | null }) {
  return (
    <section
      className="max-h-48 overflow-y-auto rounded-md border"
      aria-label="What goes"
      tabIndex={cluster.volumes.length > 4 ? 0 : undefined}
    >
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="text-muted text-xs">
            <th scope="col" className="px-3 py-1.5 font-normal">
              Disk
            </th>
            <th scope="col" className="px-3 py-1.5 text-right font-normal">
              Size
            </th>
            <th scope="col" className="px-3 py-1.5 text-right font-normal">
              In use
            </th>
          </tr>
        </thead>
        <tbody>
          {cluster.volumes.map((volume) => (
            <tr key={volume.name} className="border-t text-text">
              <td className="px-3 py-1.5">
                {volume.name}
                {volume.name === kept ? <span className="ml-2 text-ok">stays</span> : null}
              </td>
              <td className="px-3 py-1.5 text-right">{megabytes(volume.sizeMb)}</td>
              <td className="px-3 py-1.5 text-right">{volume.usedMb === null ? "not known" : megabytes(volume.usedMb)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
