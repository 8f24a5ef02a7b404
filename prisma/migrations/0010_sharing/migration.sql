-- Clusters are shared with people, groups of the directory and roles of their tenant; how long each cluster held its place is written down.
ALTER TABLE "User" ADD COLUMN "groups" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "ClusterShare" (
    "id" TEXT NOT NULL,
    "clusterId" TEXT NOT NULL,
    "userId" TEXT,
    "group" TEXT,
    "role" TEXT,
    "level" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "ClusterShare_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ClusterShare_one" CHECK (num_nonnulls("userId", "group", "role") = 1),
    CONSTRAINT "ClusterShare_role" CHECK ("role" IN ('member', 'admin')),
    CONSTRAINT "ClusterShare_level" CHECK ("level" IN ('view', 'use', 'manage'))
);
CREATE UNIQUE INDEX "ClusterShare_clusterId_userId_key" ON "ClusterShare"("clusterId", "userId");
CREATE UNIQUE INDEX "ClusterShare_clusterId_group_key" ON "ClusterShare"("clusterId", "group");
CREATE UNIQUE INDEX "ClusterShare_clusterId_role_key" ON "ClusterShare"("clusterId", "role");
CREATE INDEX "ClusterShare_userId_idx" ON "ClusterShare"("userId");
ALTER TABLE "ClusterShare" ADD CONSTRAINT "ClusterShare_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ClusterShare" ADD CONSTRAINT "ClusterShare_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A cluster that gets another owner takes its disks along, and the kept volume that it is to be made with.
CREATE FUNCTION "hand_over_volumes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "Volume" SET "ownerId" = NEW."ownerId"
  WHERE id = NEW."dataVolumeId" OR id IN (SELECT "volumeId" FROM "Node" WHERE "clusterId" = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER "Cluster_hand_over_volumes" AFTER UPDATE OF "ownerId" ON "Cluster" FOR EACH ROW
  WHEN (OLD."ownerId" IS DISTINCT FROM NEW."ownerId") EXECUTE FUNCTION "hand_over_volumes"();

CREATE TABLE "UsageSpan" (
    "id" BIGSERIAL NOT NULL,
    "tenantId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "clusterId" TEXT NOT NULL,
    "clusterName" TEXT NOT NULL,
    "nodes" INTEGER NOT NULL,
    "vcpus" INTEGER NOT NULL,
    "memoryMb" INTEGER NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "UsageSpan_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "UsageSpan_tenantId_startedAt_idx" ON "UsageSpan"("tenantId", "startedAt");
CREATE UNIQUE INDEX "UsageSpan_open" ON "UsageSpan"("clusterId") WHERE "endedAt" IS NULL;
ALTER TABLE "UsageSpan" ADD CONSTRAINT "UsageSpan_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "UsageSpan" ADD CONSTRAINT "UsageSpan_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A cluster holds its place from when it has one until people stop or delete it; one that waits for its place uses nothing.
CREATE FUNCTION "holds_place"("desired" TEXT, "phase" TEXT) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT "desired" = 'running' AND "phase" NOT IN ('queued', 'stopped', 'stopping', 'deleting')
$$;

-- Whoever changes a cluster, in whichever way: its time goes on being counted, with another size or for another owner from then on.
CREATE FUNCTION "count_usage"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at TIMESTAMP(3) := clock_timestamp() AT TIME ZONE 'UTC';
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE "UsageSpan" SET "endedAt" = greatest(at, "startedAt") WHERE "clusterId" = OLD.id AND "endedAt" IS NULL;
  END IF;
  IF TG_OP <> 'DELETE' AND "holds_place"(NEW."desired", NEW."phase") THEN
    INSERT INTO "UsageSpan" ("tenantId", "userId", "clusterId", "clusterName", "nodes", "vcpus", "memoryMb", "startedAt")
    SELECT NEW."tenantId", NEW."ownerId", NEW.id, NEW."name", 1 + NEW."workerCount",
      m."vcpus" + NEW."workerCount" * w."vcpus", m."memoryMb" + NEW."workerCount" * w."memoryMb", at
    FROM "Flavor" m, "Flavor" w WHERE m.id = NEW."masterFlavorId" AND w.id = NEW."workerFlavorId";
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "Cluster_count_usage" AFTER INSERT OR DELETE ON "Cluster" FOR EACH ROW EXECUTE FUNCTION "count_usage"();
CREATE TRIGGER "Cluster_count_usage_change" AFTER UPDATE ON "Cluster" FOR EACH ROW
  WHEN (("holds_place"(OLD."desired", OLD."phase"), OLD."ownerId", OLD."workerCount", OLD."masterFlavorId", OLD."workerFlavorId")
    IS DISTINCT FROM ("holds_place"(NEW."desired", NEW."phase"), NEW."ownerId", NEW."workerCount", NEW."masterFlavorId", NEW."workerFlavorId"))
  EXECUTE FUNCTION "count_usage"();

-- What runs already is counted from now on.
INSERT INTO "UsageSpan" ("tenantId", "userId", "clusterId", "clusterName", "nodes", "vcpus", "memoryMb", "startedAt")
SELECT c."tenantId", c."ownerId", c.id, c."name", 1 + c."workerCount",
  m."vcpus" + c."workerCount" * w."vcpus", m."memoryMb" + c."workerCount" * w."memoryMb", clock_timestamp() AT TIME ZONE 'UTC'
FROM "Cluster" c JOIN "Flavor" m ON m.id = c."masterFlavorId" JOIN "Flavor" w ON w.id = c."workerFlavorId"
WHERE "holds_place"(c."desired", c."phase");
