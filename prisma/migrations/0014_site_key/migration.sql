-- The keys that secrets may be sealed with now: their ids, never the keys. A value that names another one is not taken, and a key goes only
-- when nothing is sealed with it any more, however long a transaction with its id takes.
CREATE TABLE "SiteKey" (
    "id" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SiteKey_pkey" PRIMARY KEY ("id")
);

-- With the owner's rights: who writes a secret needs none on the table of keys. A database that no launcher has registered a key in asks for none.
CREATE FUNCTION "sealed_with_known_key"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  sealed TEXT := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  IF sealed LIKE 'v2.%' THEN
    PERFORM 1 FROM "SiteKey" WHERE id = split_part(sealed, '.', 2) FOR KEY SHARE;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM "SiteKey") THEN
      RAISE EXCEPTION 'sealed with a key that is not in use' USING ERRCODE = 'foreign_key_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "Cluster_secrets_key" BEFORE INSERT OR UPDATE OF "secrets" ON "Cluster"
  FOR EACH ROW EXECUTE FUNCTION "sealed_with_known_key"('secrets');
CREATE TRIGGER "DirectorySettings_bindPassword_key" BEFORE INSERT OR UPDATE OF "bindPassword" ON "DirectorySettings"
  FOR EACH ROW EXECUTE FUNCTION "sealed_with_known_key"('bindPassword');

-- After the row is gone: whoever held it has committed by then, and is seen.
CREATE FUNCTION "key_is_not_used"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "Cluster" WHERE "secrets" LIKE 'v2.' || OLD.id || '.%')
    OR EXISTS (SELECT 1 FROM "DirectorySettings" WHERE "bindPassword" LIKE 'v2.' || OLD.id || '.%') THEN
    RAISE EXCEPTION 'secrets are sealed with the key %', OLD.id USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "SiteKey_unused" AFTER DELETE ON "SiteKey" FOR EACH ROW EXECUTE FUNCTION "key_is_not_used"();
