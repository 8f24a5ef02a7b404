-- A person's own limits may say nothing of graphics cards: those from before there were any, and those of programs that know of none. Then what holds
-- for everybody in the tenant holds for them, also once that is another number. An empty limit that was said is none.
ALTER TABLE "PersonLimit" ADD COLUMN "ownGpus" BOOLEAN NOT NULL DEFAULT false;
UPDATE "PersonLimit" SET "ownGpus" = true WHERE "maxGpus" IS NOT NULL;
