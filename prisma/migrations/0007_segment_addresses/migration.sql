-- A segment does not go while a node or a host has an address there. Addresses that rest are deleted with it, by whoever deletes it.
ALTER TABLE "Address" DROP CONSTRAINT "Address_segmentId_fkey";
ALTER TABLE "Address" ADD CONSTRAINT "Address_segmentId_fkey" FOREIGN KEY ("segmentId") REFERENCES "Segment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
