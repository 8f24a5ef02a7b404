import type { VolumeView } from "../../server/services/views.ts";
import { megabytes } from "../ui/format.ts";

/** "10 GB, 240 MB used"; what is used is left out where it is not known, and on narrow screens. */
export function VolumeSize({ volume }: { volume: Pick<VolumeView, "sizeMb" | "usedMb"> }) {
  return (
    <>
      {megabytes(volume.sizeMb)}
      {volume.usedMb === null ? null : <span className="hidden text-muted sm:inline">, {megabytes(volume.usedMb)} used</span>}
    </>
  );
}
