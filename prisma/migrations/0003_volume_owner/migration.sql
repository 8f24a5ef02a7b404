-- A volume belongs to the owner of the cluster whose node uses it, and keeps that owner when it is kept. Volumes that were kept before
-- this have none: the tenant's administrators look after them.
ALTER TABLE "Volume" ADD COLUMN "ownerId" TEXT;
ALTER TABLE "Volume" ADD CONSTRAINT "Volume_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
UPDATE "Volume" v SET "ownerId" = c."ownerId" FROM "Node" n JOIN "Cluster" c ON c.id = n."clusterId" WHERE n."volumeId" = v.id;

-- Whichever way a node comes to its volume.
CREATE FUNCTION "own_volume"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "Volume" SET "ownerId" = (SELECT "ownerId" FROM "Cluster" WHERE id = NEW."clusterId") WHERE id = NEW."volumeId";
  RETURN NULL;
END $$;
CREATE TRIGGER "Node_own_volume" AFTER INSERT OR UPDATE OF "volumeId" ON "Node" FOR EACH ROW EXECUTE FUNCTION "own_volume"();
