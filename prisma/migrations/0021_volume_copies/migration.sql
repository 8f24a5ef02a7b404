-- A node's /data that goes to another host with it: a volume that arrives there is nobody's until all of it came. A volume is copied to one place
-- at a time, and a copy whose source is forgotten is a copy of nothing.
ALTER TABLE "Volume" DROP CONSTRAINT "Volume_state_check";
ALTER TABLE "Volume" ADD CONSTRAINT "Volume_state_check" CHECK ("state" IN ('attached', 'arriving', 'kept', 'deleting'));
ALTER TABLE "Volume" ADD COLUMN "copyOf" TEXT;
ALTER TABLE "Volume" ADD CONSTRAINT "Volume_copyOf_check" CHECK ("copyOf" IS NULL OR "state" = 'arriving');
ALTER TABLE "Volume" ADD CONSTRAINT "Volume_copyOf_fkey" FOREIGN KEY ("copyOf") REFERENCES "Volume"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE UNIQUE INDEX "Volume_copyOf_key" ON "Volume"("copyOf");
