-- Tenants are given named capability sets; a cluster has one of them, and each node keeps what it was started with.
ALTER TABLE "Tenant" ADD COLUMN "capabilitySets" TEXT[] DEFAULT ARRAY['default']::TEXT[],
ADD COLUMN "capabilitySet" TEXT NOT NULL DEFAULT 'default';
ALTER TABLE "Cluster" ADD COLUMN "capabilitySet" TEXT NOT NULL DEFAULT 'default';
ALTER TABLE "Node" ADD COLUMN "capabilitySet" TEXT NOT NULL DEFAULT 'default',
ADD COLUMN "capabilities" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- What nodes have by now: what their bundle needs, as far as their tenant may have it.
UPDATE "Node" n SET "capabilities" = ARRAY(
  SELECT needed FROM jsonb_array_elements_text(d."manifest"->'capabilities') AS needed WHERE needed = ANY (t."capabilities") ORDER BY needed COLLATE "C")
FROM "Cluster" c JOIN "Distribution" d ON d."id" = c."distributionId" JOIN "Tenant" t ON t."id" = c."tenantId" WHERE c."id" = n."clusterId";

ALTER TABLE "Tenant" DROP COLUMN "capabilities";
ALTER TABLE "Tenant" ADD CONSTRAINT "Tenant_capabilitySets_check"
  CHECK ("capabilitySets" <@ ARRAY['strict', 'default', 'tools', 'full'] AND "capabilitySet" = ANY ("capabilitySets"));
ALTER TABLE "Cluster" ADD CONSTRAINT "Cluster_capabilitySet_check" CHECK ("capabilitySet" IN ('strict', 'default', 'tools', 'full'));
ALTER TABLE "Node" ADD CONSTRAINT "Node_capabilitySet_check" CHECK ("capabilitySet" IN ('strict', 'default', 'tools', 'full'));
