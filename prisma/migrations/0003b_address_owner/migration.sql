-- Hosts own addresses too from the next migration on; a later one makes the constraint anew.
ALTER TABLE "Address" DROP CONSTRAINT IF EXISTS "Address_owner_check";
