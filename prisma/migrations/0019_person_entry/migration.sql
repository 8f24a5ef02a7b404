-- What a person's entry in the directory keeps for good, so that a name which is given to somebody else does not bring the first one's rights.
ALTER TABLE "User" ADD COLUMN "entry" TEXT;
