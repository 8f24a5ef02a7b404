/** Programs the host agent calls, and the Debian packages they come from. */
export const hostPrograms = {
  dockerd: "docker.io",
  iptables: "iptables",
  nft: "nftables",
  mmdebstrap: "mmdebstrap",
  "mkfs.ext4": "e2fsprogs",
  ip: "iproute2",
  losetup: "mount",
  useradd: "passwd",
};
