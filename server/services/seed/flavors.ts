/** The reference system's flavors, and before them smaller ones for small machines. The order is the order of the list. */
export const flavors = [
  { slug: "tiny", name: "Tiny", vcpus: 1, memoryMb: 1536, rootGb: 20, dataGb: 2 },
  { slug: "mini", name: "Mini", vcpus: 1, memoryMb: 2048, rootGb: 20, dataGb: 4 },
  { slug: "compact", name: "Compact", vcpus: 2, memoryMb: 3072, rootGb: 20, dataGb: 5 },
  { slug: "small", name: "Small", vcpus: 1, memoryMb: 4096, rootGb: 20, dataGb: 10 },
  { slug: "medium", name: "Medium", vcpus: 2, memoryMb: 6144, rootGb: 20, dataGb: 10 },
  { slug: "large", name: "Large", vcpus: 4, memoryMb: 8192, rootGb: 20, dataGb: 10 },
  { slug: "extra-large", name: "Extra Large", vcpus: 4, memoryMb: 12288, rootGb: 20, dataGb: 10 },
  { slug: "extra-cores", name: "Extra Cores", vcpus: 8, memoryMb: 12288, rootGb: 20, dataGb: 10 },
  { slug: "extra-local-storage", name: "Extra Local Storage", vcpus: 4, memoryMb: 8192, rootGb: 500, dataGb: 10 },
] as const;
