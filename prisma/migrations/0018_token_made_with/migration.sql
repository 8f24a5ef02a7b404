-- The token that a token was made with.
ALTER TABLE "Token" ADD COLUMN "madeWithId" TEXT;
CREATE INDEX "Token_madeWithId_idx" ON "Token"("madeWithId");
ALTER TABLE "Token" ADD CONSTRAINT "Token_madeWithId_fkey" FOREIGN KEY ("madeWithId") REFERENCES "Token"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Whoever revokes a token, or takes it away with its account, ends what was made with it, and what was made with that; each is told in the trail.
-- With the owner's rights: who collects rows of the past may delete tokens and nothing else.
CREATE FUNCTION "token_ends_with_its_maker"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ended_at TIMESTAMP(3) := clock_timestamp() AT TIME ZONE 'UTC';
BEGIN
  WITH ended AS (
    UPDATE "Token" SET "revokedAt" = ended_at
    WHERE "madeWithId" = OLD.id AND "revokedAt" IS NULL AND "expiresAt" > ended_at
    RETURNING id, name, "tenantId", "userId"
  )
  INSERT INTO "Audit" (at, "actorName", "tenantId", action, resource, "resourceName", detail)
  SELECT ended_at, 'Kindling', e."tenantId", 'token.revoke', 'token:' || e.id, e.name || ' of ' || split_part(u.username, '/', 2),
    jsonb_build_object('what', 'with the token that it was made with, ' || OLD.name)
  FROM ended e JOIN "User" u ON u.id = e."userId";
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER "Token_revoked" AFTER UPDATE OF "revokedAt" ON "Token"
  FOR EACH ROW WHEN (OLD."revokedAt" IS NULL AND NEW."revokedAt" IS NOT NULL) EXECUTE FUNCTION "token_ends_with_its_maker"();
CREATE TRIGGER "Token_deleted" BEFORE DELETE ON "Token" FOR EACH ROW EXECUTE FUNCTION "token_ends_with_its_maker"();
