-- By which session or token something was done.
ALTER TABLE "Audit" ADD COLUMN "via" TEXT;

-- What the page filters by; its order is always the newest first.
CREATE INDEX "Audit_actorId_id_idx" ON "Audit"("actorId", "id");
CREATE INDEX "Audit_action_id_idx" ON "Audit"("action", "id");
CREATE INDEX "Audit_at_idx" ON "Audit"("at");
CREATE INDEX "Audit_refused_idx" ON "Audit"("id") WHERE "outcome" = 'refused';

-- The chain over the trail: each link's hash is made of the one before and of the whole row. Kept beside the rows, so that these are never written again.
CREATE TABLE "AuditLink" (
    "position" BIGINT NOT NULL,
    "auditId" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditLink_pkey" PRIMARY KEY ("position")
);
CREATE UNIQUE INDEX "AuditLink_auditId_key" ON "AuditLink"("auditId");
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditLink" FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- One value of a row: its length in bytes says where it ends, so that no two rows read alike.
CREATE FUNCTION audit_field(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(octet_length(value) || ':' || value, '-') || ',' $$;

-- What is hashed of a row. server/services/audit/chain.ts makes the same text without asking this function.
CREATE FUNCTION audit_text(a "Audit", link_position BIGINT) RETURNS TEXT LANGUAGE sql STABLE AS $$
  SELECT audit_field(link_position::text) || audit_field(a."id"::text) || audit_field(to_char(a."at", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) || audit_field(a."actorId")
    || audit_field(a."actorName") || audit_field(a."tenantId") || audit_field(a."action") || audit_field(a."resource") || audit_field(a."resourceName")
    || audit_field(a."outcome") || audit_field(a."detail"::text) || audit_field(a."ip") || audit_field(a."via")
$$;

-- Runs when the transaction commits: whoever waits for the lock holds up nobody whose rows it may need, and the order of links is that of commits.
-- It runs as the owner of the schema, so that nobody else needs a right to write links.
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last_position BIGINT;
  last_hash TEXT;
BEGIN
  PERFORM pg_advisory_xact_lock(72707371);
  SELECT "position", "hash" INTO last_position, last_hash FROM "AuditLink" ORDER BY "position" DESC LIMIT 1;
  last_position := coalesce(last_position, 0) + 1;
  INSERT INTO "AuditLink" ("position", "auditId", "hash") VALUES (last_position, NEW."id",
    encode(sha256(convert_to(coalesce(last_hash, '') || E'\n' || audit_text(NEW, last_position), 'UTF8')), 'hex'));
  RETURN NULL;
END $$;
-- A trigger needs no such right to run; a table of somebody's own with this trigger would.
REVOKE EXECUTE ON FUNCTION audit_chain() FROM PUBLIC;

-- What was written until now, in its order.
DO $$
DECLARE
  entry "Audit";
  link_position BIGINT := 0;
  last_hash TEXT := '';
BEGIN
  FOR entry IN SELECT * FROM "Audit" ORDER BY "id" LOOP
    link_position := link_position + 1;
    last_hash := encode(sha256(convert_to(last_hash || E'\n' || audit_text(entry, link_position), 'UTF8')), 'hex');
    INSERT INTO "AuditLink" ("position", "auditId", "hash") VALUES (link_position, entry."id", last_hash);
  END LOOP;
END $$;

CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON "Audit" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
