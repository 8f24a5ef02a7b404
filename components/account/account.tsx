"use client";
import type { Me, SessionView, TokenView } from "../../server/services/views.ts";
import type { Seed } from "../api/seed.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { Sessions } from "./sessions.tsx";
import { Tokens } from "./tokens.tsx";

const roles = { member: "member", admin: "administrator" };

/** One's own account: tokens for the command line, and where one is signed in. */
export function Account({ me, tokens, sessions }: { me: Me; tokens: Seed<TokenView[]>; sessions: Seed<SessionView[]> }) {
  return (
    <>
      <PageHeader
        title={me.displayName}
        facts={[
          me.username,
          ...(me.siteAdmin ? ["site administrator"] : []),
          ...me.tenants.map((tenant) => `${roles[tenant.role]} of ${tenant.name}`),
        ]}
      />
      <div className="flex flex-col gap-4">
        <Tokens tokens={tokens} tenants={me.tenants} />
        <Sessions sessions={sessions} />
      </div>
    </>
  );
}
