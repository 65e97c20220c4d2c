import type {MonitorEvent} from '../model/hypervisor.ts';
import type {QmpEvent} from '../monitor/monitor-client.ts';
import {formatQmpJson} from '../monitor/qmp-json.ts';

/** An event of a domain's monitor as it is told outside of the driver; QEMU sends no empty data, so that empty is none. */
export function monitorEvent(domain: string, {name, data, atMs}: QmpEvent): MonitorEvent {
  const hasData = Object.keys(data).length > 0;
  return {domain, name, atMs, ...(hasData ? {data: formatQmpJson(data)} : {})};
}
