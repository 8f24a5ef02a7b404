-- The directory's settings, and what the directory said of each person when it was last read.
CREATE TABLE "DirectorySettings" (
    "id" TEXT NOT NULL DEFAULT 'site',
    "settings" JSONB NOT NULL,
    "bindPassword" TEXT,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DirectorySettings_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "DirectorySettings_one" CHECK ("id" = 'site')
);

ALTER TABLE "User" ADD COLUMN     "barredAt" TIMESTAMP(3),
ADD COLUMN     "barredFor" TEXT,
ADD COLUMN     "confirmedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
