-- Besides open and closed a tenant's nodes may reach listed destinations only: objects with a network, a protocol and ports.
ALTER TABLE "Tenant" ADD COLUMN "egressList" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "Tenant" ADD CONSTRAINT "Tenant_egress_check" CHECK ("egress" IN ('open', 'closed', 'listed'));
ALTER TABLE "Tenant" ADD CONSTRAINT "Tenant_egressList_check"
  CHECK (CASE WHEN jsonb_typeof("egressList") = 'array' THEN jsonb_array_length("egressList") <= 50 ELSE false END);
