-- How many nodes a host had when its draining began, so that its page can say how far it is.
ALTER TABLE "Host" ADD COLUMN "drainNodes" INTEGER;

-- An address is a node's, a host's or rests: exactly one of these.
ALTER TABLE "Address" DROP CONSTRAINT IF EXISTS "Address_owner_check";
ALTER TABLE "Address" ADD CONSTRAINT "Address_owner_check" CHECK (num_nonnulls("nodeId", "hostId", "freedAt") = 1);
CREATE INDEX "Address_segmentId_idx" ON "Address"("segmentId");
