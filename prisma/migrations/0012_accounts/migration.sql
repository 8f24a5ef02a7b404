-- Tokens say what they are good for, and may be for one tenant only. Those that exist keep what they could do.
ALTER TABLE "Token" ADD COLUMN "scope" TEXT NOT NULL DEFAULT 'manage', ADD COLUMN "tenantId" TEXT;
ALTER TABLE "Token" ADD CONSTRAINT "Token_scope_check" CHECK ("scope" IN ('read', 'use', 'manage'));
ALTER TABLE "Token" ADD CONSTRAINT "Token_tenantId_fkey" FOREIGN KEY ("tenantId") REFERENCES "Tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who is not in the directory: a tenant's service accounts, and the administrator for emergencies.
ALTER TABLE "User" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'person', ADD COLUMN "serviceOfId" TEXT, ADD COLUMN "createdBy" TEXT;
ALTER TABLE "User" ADD CONSTRAINT "User_kind_check" CHECK ("kind" IN ('person', 'service', 'local') AND (("kind" = 'service') = ("serviceOfId" IS NOT NULL)));
-- No service account is anything at the site, and none has a session: it has tokens only.
ALTER TABLE "User" ADD CONSTRAINT "User_service_check" CHECK ("kind" <> 'service' OR NOT "siteAdmin");
ALTER TABLE "User" ADD CONSTRAINT "User_serviceOfId_fkey" FOREIGN KEY ("serviceOfId") REFERENCES "Tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "User_serviceOfId_idx" ON "User"("serviceOfId");
CREATE FUNCTION "no_session_of_service"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM "User" WHERE id = NEW."userId" AND kind = 'service') THEN RAISE EXCEPTION 'a service account has no session'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "Session_no_service" BEFORE INSERT OR UPDATE OF "userId" ON "Session" FOR EACH ROW EXECUTE FUNCTION "no_session_of_service"();

-- The local administrator: at most one row, written on the host only. No part of the platform has the right to write it.
CREATE TABLE "LocalAdmin" (
    "id" TEXT NOT NULL DEFAULT 'site',
    "hash" TEXT NOT NULL,
    "enabledAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "enabledBy" TEXT NOT NULL,

    CONSTRAINT "LocalAdmin_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "LocalAdmin_one" CHECK ("id" = 'site')
);
