import type {HostTree} from '../../host/host-tree.ts';
import {scsiPath} from '../../model/devices/host-paths.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {aliasOf} from '../argv/devices/device-context.ts';
import {deviceNodes} from './device-nodes.ts';

/**
 * The generic nodes of the SCSI devices of the host that a definition names, by alias; one that is not there is left
 * out. The numbers of such nodes change from boot to boot. @see Linux, drivers/scsi/sg.c
 */
export function findScsiNodes(def: DomainDef, tree: HostTree): ReadonlyMap<string, string> {
  const nodes = new Map<string, string>();
  for (const hostdev of devicesOf(def, 'hostdev')) {
    const {host} = hostdev;
    if (host.type !== 'scsi' || host.source.adapterName === undefined) continue;
    if (!/^scsi_host\d+$/.test(host.source.adapterName)) continue;
    const [node] = deviceNodes(scsiPath(host.source.adapterName, host.source.address ?? {}), tree);
    if (node) nodes.set(aliasOf(hostdev), node.path);
  }
  return nodes;
}
