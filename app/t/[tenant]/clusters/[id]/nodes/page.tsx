import { NodeList } from "../../../../../../components/clusters/nodes/node-list.tsx";

export default function NodesPage() {
  return <NodeList />;
}
