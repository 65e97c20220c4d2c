import {indentJson} from '../../base/indent-json.ts';
import {sanitiseLines, sanitiseUntrusted} from '../../base/sanitise.ts';
import type {MonitorEvent} from '../../model/hypervisor.ts';

/** How an event is printed. */
export interface MonitorEventStyle {
  /** The wall clock in front, instead of seconds and microseconds in the line. */
  readonly timestamp: boolean;
  /** Data over several lines. */
  readonly pretty: boolean;
}

/** An event as `virsh qemu-monitor-event` prints it. Source: libvirt 9.0.0, tools/virsh-domain.c, virshQemuEventPrint. */
export function monitorEventText(event: MonitorEvent, {timestamp, pretty}: MonitorEventStyle): string {
  const data = event.data === undefined ? '<null>' : pretty ? indentJson(event.data) : event.data;
  const [name, domain] = [sanitiseUntrusted(event.name), sanitiseUntrusted(event.domain)];
  const head = timestamp
    ? `${wallClock(event.atMs)}: event ${name} for domain '${domain}': `
    : `event ${name} at ${secondsText(event.atMs)} for domain '${domain}': `;
  return `${head}${sanitiseLines(data).join('\n')}\n`;
}

/** An event as one line of JSON, its data as it came. */
export function monitorEventJson({domain, name, data, atMs}: MonitorEvent): string {
  const fields = JSON.stringify({domain, event: name, seconds: Number(secondsText(atMs))});
  return `${fields.slice(0, -1)},"data":${data ?? 'null'}}\n`;
}

/** libvirt's form of a time: UTC with milliseconds. Source: libvirt 9.0.0, src/util/virtime.c. */
function wallClock(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').replace('Z', '+0000');
}

function secondsText(atMs: number): string {
  const micros = Math.round(atMs * 1000);
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
}
