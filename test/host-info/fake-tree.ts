import type {HostTree} from '../../src/host/host-tree.ts';

/** Files by their paths; a folder is there when a file in it is. */
export type TreeFiles = Readonly<Record<string, string>>;

/** A host that consists of these files. */
export function fakeTree(files: TreeFiles): HostTree {
  return {
    text: (path, maxBytes = Number.POSITIVE_INFINITY) => files[path]?.slice(0, maxBytes),
    names: path => {
      const inside = Object.keys(files).filter(file => file.startsWith(`${path}/`));
      return [...new Set(inside.map(file => file.slice(path.length + 1).split('/')[0] ?? ''))].sort();
    },
  };
}

const CPU = '/sys/devices/system/cpu';

/** Where a processor sits, in files. */
export function cpuFiles(
  id: number,
  place: {readonly socket: number; readonly die?: number; readonly core: number; readonly siblings: string},
): TreeFiles {
  const topology = `${CPU}/cpu${id}/topology`;
  return {
    [`${topology}/physical_package_id`]: `${place.socket}\n`,
    ...(place.die === undefined ? {} : {[`${topology}/die_id`]: `${place.die}\n`}),
    [`${topology}/core_id`]: `${place.core}\n`,
    [`${topology}/thread_siblings_list`]: `${place.siblings}\n`,
  };
}

/** A host with so many packages, dies in each, cores in each, threads in each; threads of a core have neighbouring numbers. */
export function evenCpus(packages: number, dies: number, cores: number, threads: number): TreeFiles {
  const perPackage = dies * cores * threads;
  const ids = Array.from({length: packages * perPackage}, (_, id) => id);
  const files = ids.map(id => {
    const core = Math.floor(id / threads) * threads;
    return cpuFiles(id, {
      socket: Math.floor(id / perPackage),
      die: Math.floor((id % perPackage) / (cores * threads)),
      core: Math.floor((id % (cores * threads)) / threads),
      siblings: threads === 1 ? String(core) : `${core}-${core + threads - 1}`,
    });
  });
  return Object.assign({[`${CPU}/online`]: `0-${ids.length - 1}\n`}, ...files);
}

/** A NUMA node, in files. */
export function nodeFiles(
  id: number,
  node: {readonly cpus: string; readonly memoryKiB: number; readonly distances?: string; readonly pools?: TreeFiles},
): TreeFiles {
  const folder = `/sys/devices/system/node/node${id}`;
  const pools = Object.entries(node.pools ?? {}).flatMap(([size, count]) => [
    [`${folder}/hugepages/hugepages-${size}kB/nr_hugepages`, `${count}\n`],
    [`${folder}/hugepages/hugepages-${size}kB/free_hugepages`, `${count}\n`],
  ]);
  return {
    [`${folder}/cpulist`]: `${node.cpus}\n`,
    [`${folder}/meminfo`]: `\nNode ${id} MemTotal:   ${node.memoryKiB} kB\nNode ${id} MemFree:   1024 kB\n`,
    [`${folder}/distance`]: `${node.distances ?? '10'}\n`,
    ...Object.fromEntries(pools),
  };
}
