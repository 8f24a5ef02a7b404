import type { Metadata } from "next";
import { Account } from "../../components/account/account.tsx";
import { seed } from "../../components/api/seed.ts";
import { api, load, me } from "../../components/api/server.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const caller = await api();
  const [person, tokens, sessions] = await Promise.all([
    load(me(), "/me"),
    load(caller.me.tokens(), "/me"),
    load(caller.me.sessions(), "/me"),
  ]);
  return <Account me={person} tokens={seed(tokens)} sessions={seed(sessions)} />;
}
