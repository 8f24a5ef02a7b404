import type { TokenView } from "../../server/services/views.ts";
import { Table, Tbody, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";
import { RevokeToken } from "./revoke-token.tsx";

interface Props {
  label: string;
  tokens: TokenView[];
  /** A service account's are all for its tenant. */
  places?: boolean;
  revoke: (id: string) => Promise<unknown>;
}

/** Tokens: what they are called and good for, until when, and when they were last used. Secrets are never shown again. */
export function TokenTable({ label, tokens, places = true, revoke }: Props) {
  return (
    <Table label={label}>
      <Thead>
        <Tr>
          <Th>Name</Th>
          <Th>Good for</Th>
          <Th wide>Expires</Th>
          <Th wide>Last used</Th>
          <Th extra>Created</Th>
          <Th number>
            <span className="sr-only">Actions</span>
          </Th>
        </Tr>
      </Thead>
      <Tbody>
        {tokens.map((token) => (
          <Tr key={token.id}>
            <Td className="max-w-40 truncate">{token.name}</Td>
            <Td>
              {token.scope}
              {places && token.tenant ? <span className="text-muted"> in {token.tenant.name}</span> : null}
            </Td>
            <Td wide className="whitespace-nowrap">
              <Time at={token.expiresAt} />
            </Td>
            <Td wide className="whitespace-nowrap text-muted">
              {token.lastUsedAt ? <Time at={token.lastUsedAt} /> : "never"}
            </Td>
            <Td extra className="whitespace-nowrap text-muted">
              <Time at={token.createdAt} />
            </Td>
            <Td number>
              <RevokeToken token={token} revoke={revoke} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
