-- Several hosts: modes, enrolment, fencing, remnants, events; segments with VLANs and VXLANs, and each host's own address on them.
-- AlterTable
ALTER TABLE "Address" ADD COLUMN     "hostId" TEXT;

-- AlterTable
ALTER TABLE "Cluster" ADD COLUMN     "segmentId" TEXT;

-- AlterTable
ALTER TABLE "Host" ADD COLUMN     "address" TEXT,
ADD COLUMN     "certificate" TEXT,
ADD COLUMN     "certificateExpiresAt" TIMESTAMP(3),
ADD COLUMN     "drainData" TEXT,
ADD COLUMN     "fencedAt" TIMESTAMP(3),
ADD COLUMN     "fencedBy" TEXT,
ADD COLUMN     "mode" TEXT NOT NULL DEFAULT 'active',
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "tenantId" TEXT,
ADD COLUMN     "vlanParent" TEXT;

-- A host's mode says more than whether it takes nodes.
UPDATE "Host" SET "mode" = 'cordoned' WHERE "cordoned";
ALTER TABLE "Host" DROP COLUMN "cordoned";

-- AlterTable
ALTER TABLE "Installation" ADD COLUMN     "moveAfterSeconds" INTEGER,
ADD COLUMN     "placement" TEXT NOT NULL DEFAULT 'spread',
ADD COLUMN     "vlanPool" TEXT NOT NULL DEFAULT '100-199',
ADD COLUMN     "vniPool" TEXT NOT NULL DEFAULT '7000-7999',
ADD COLUMN     "vxlanPort" INTEGER NOT NULL DEFAULT 4789;

-- AlterTable
ALTER TABLE "Node" ADD COLUMN     "evicting" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "Segment" ADD COLUMN     "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "dns" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "mtu" INTEGER NOT NULL DEFAULT 1500,
ADD COLUMN     "reserved" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "vlanId" INTEGER,
ADD COLUMN     "vni" INTEGER;

-- AlterTable
ALTER TABLE "Tenant" ADD COLUMN     "hostTags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "HostEvent" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "hostId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    CONSTRAINT "HostEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Enrolment" (
    "id" TEXT NOT NULL,
    "hostName" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "createdById" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),
    "hostId" TEXT,

    CONSTRAINT "Enrolment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Remnant" (
    "nodeId" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "clusterId" TEXT NOT NULL,
    "tenantId" TEXT NOT NULL,
    "segmentId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "ip" TEXT NOT NULL,
    "imageTag" TEXT NOT NULL,
    "volumeId" TEXT NOT NULL,
    "incarnation" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Remnant_pkey" PRIMARY KEY ("nodeId","hostId")
);

-- CreateIndex
CREATE INDEX "HostEvent_hostId_id_idx" ON "HostEvent"("hostId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Enrolment_tokenHash_key" ON "Enrolment"("tokenHash");

-- CreateIndex
CREATE UNIQUE INDEX "Address_segmentId_hostId_key" ON "Address"("segmentId", "hostId");

-- CreateIndex
CREATE UNIQUE INDEX "Segment_vlanId_key" ON "Segment"("vlanId");

-- CreateIndex
CREATE UNIQUE INDEX "Segment_vni_key" ON "Segment"("vni");

-- CreateIndex
CREATE UNIQUE INDEX "Segment_tenantId_name_key" ON "Segment"("tenantId", "name");

-- AddForeignKey
ALTER TABLE "Host" ADD CONSTRAINT "Host_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "HostEvent" ADD CONSTRAINT "HostEvent_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Remnant" ADD CONSTRAINT "Remnant_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Address" ADD CONSTRAINT "Address_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- Until now every segment was on every host with the segment's own gateway, and there was one host.
INSERT INTO "Address" ("ip", "segmentId", "hostId") SELECT s."gateway", s."id", h."id" FROM "Segment" s CROSS JOIN (SELECT "id" FROM "Host" ORDER BY "createdAt" LIMIT 1) h
  ON CONFLICT DO NOTHING;
