-- Tenants have a state, limits for each of their people and defaults; flavors may be kept for some tenants, and change without changing what runs.
-- AlterTable
ALTER TABLE "Tenant" ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'active',
ADD COLUMN     "stateSince" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "stateBy" TEXT,
ADD COLUMN     "stateReason" TEXT,
ADD COLUMN     "userMaxClusters" INTEGER,
ADD COLUMN     "userMaxNodes" INTEGER,
ADD COLUMN     "userMaxVcpus" INTEGER,
ADD COLUMN     "userMaxMemoryMb" INTEGER,
ADD COLUMN     "userMaxDataGb" INTEGER,
ADD COLUMN     "defaultDistributionId" TEXT,
ADD COLUMN     "defaultFlavorId" TEXT;
ALTER TABLE "Tenant" ADD CONSTRAINT "Tenant_state_check" CHECK ("state" IN ('active', 'suspended', 'deleting'));

-- AlterTable
ALTER TABLE "Flavor" ADD COLUMN     "replacedAt" TIMESTAMP(3),
ADD COLUMN     "restricted" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "PersonLimit" (
    "tenantId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "maxClusters" INTEGER,
    "maxNodes" INTEGER,
    "maxVcpus" INTEGER,
    "maxMemoryMb" INTEGER,
    "maxDataGb" INTEGER,

    CONSTRAINT "PersonLimit_pkey" PRIMARY KEY ("tenantId","userId")
);

-- CreateTable
CREATE TABLE "FlavorTenant" (
    "flavorId" TEXT NOT NULL,
    "tenantId" TEXT NOT NULL,

    CONSTRAINT "FlavorTenant_pkey" PRIMARY KEY ("flavorId","tenantId")
);

-- AddForeignKey
ALTER TABLE "Tenant" ADD CONSTRAINT "Tenant_defaultDistributionId_fkey" FOREIGN KEY ("defaultDistributionId") REFERENCES "Distribution"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Tenant" ADD CONSTRAINT "Tenant_defaultFlavorId_fkey" FOREIGN KEY ("defaultFlavorId") REFERENCES "Flavor"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonLimit" ADD CONSTRAINT "PersonLimit_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonLimit" ADD CONSTRAINT "PersonLimit_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FlavorTenant" ADD CONSTRAINT "FlavorTenant_flavorId_fkey" FOREIGN KEY ("flavorId") REFERENCES "Flavor"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FlavorTenant" ADD CONSTRAINT "FlavorTenant_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
