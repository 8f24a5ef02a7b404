-- A node keeps the image it was placed with: a new version of a bundle reaches it at its next start, never while it runs.
ALTER TABLE "Node" ADD COLUMN "imageTag" TEXT;
UPDATE "Node" n SET "imageTag" = d."imageTag" FROM "Cluster" c JOIN "Distribution" d ON d.id = c."distributionId" WHERE c.id = n."clusterId";
ALTER TABLE "Node" ALTER COLUMN "imageTag" SET NOT NULL;
