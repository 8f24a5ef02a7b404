import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { load, me } from "../components/api/server.ts";
import { firstPage } from "../components/home/first-page.ts";
import { NoTenant } from "../components/home/no-tenant.tsx";

export default async function Start() {
  const person = await load(me(), "/");
  const page = firstPage(person, (await cookies()).get("tenant")?.value);
  if (page) redirect(page);
  return <NoTenant name={person.displayName} />;
}
