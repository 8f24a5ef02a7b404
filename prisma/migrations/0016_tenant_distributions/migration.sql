-- A tenant may use all distributions, also those to come, or only listed ones. What it has stays as it is.
ALTER TABLE "Tenant" ADD COLUMN "distributionsLimited" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "DistributionTenant" (
    "distributionId" TEXT NOT NULL,
    "tenantId" TEXT NOT NULL,

    CONSTRAINT "DistributionTenant_pkey" PRIMARY KEY ("distributionId","tenantId")
);

-- AddForeignKey
ALTER TABLE "DistributionTenant" ADD CONSTRAINT "DistributionTenant_distributionId_fkey" FOREIGN KEY ("distributionId") REFERENCES "Distribution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DistributionTenant" ADD CONSTRAINT "DistributionTenant_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Only new clusters are asked: what a tenant may use changes nothing that it has. Whoever changes the list holds the tenant's row, as does who creates.
CREATE FUNCTION "distribution_is_the_tenants"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM "Tenant" WHERE "id" = NEW."tenantId" AND "distributionsLimited")
    AND NOT EXISTS (SELECT FROM "DistributionTenant" WHERE "tenantId" = NEW."tenantId" AND "distributionId" = NEW."distributionId") THEN
    RAISE EXCEPTION 'the tenant may not use the distribution %', NEW."distributionId" USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "Cluster_distribution" BEFORE INSERT ON "Cluster" FOR EACH ROW EXECUTE FUNCTION "distribution_is_the_tenants"();
