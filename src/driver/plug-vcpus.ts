import type {DomainDef} from '../model/domain-def.ts';
import type {QmpClient} from '../monitor/qmp-client.ts';
import {asArray, asNumber, asString, field, isQmpObject, type QmpObject, type QmpValue} from '../monitor/qmp-json.ts';

/** A socket for a processor, or for several that come together. */
interface CpuPlace {
  readonly driver: string;
  readonly isTaken: boolean;
  /** How many processors of the guest it has. */
  readonly count: number;
  readonly props: QmpObject;
}

/** The parts of a place, the greatest first. Source: QEMU 7.2, qapi/machine.json, CpuInstanceProperties. */
const PARTS = ['node-id', 'socket-id', 'die-id', 'cluster-id', 'core-id', 'thread-id'] as const;

/**
 * Plugs in the processors that the definition wants and that can be unplugged again, in the order that it says; called
 * before the guest runs.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessSetupHotpluggableVcpus
 */
export async function plugVcpus(monitor: Pick<QmpClient, 'execute'>, {vcpuList}: DomainDef): Promise<void> {
  const wanted = (vcpuList ?? [])
    .filter(vcpu => vcpu.enabled && vcpu.hotpluggable)
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  if (wanted.length === 0) return;
  const places = placesOf(asArray(await monitor.execute('query-hotpluggable-cpus')) ?? []);
  for (const {id} of wanted) {
    const place = places[id];
    if (!place || place.isTaken) continue;
    await monitor.execute('device_add', {driver: place.driver, id: `vcpu${id}`, ...place.props});
  }
}

/** By the number of the guest's processor; one that comes with others stands at the first of them. */
function placesOf(answer: readonly QmpValue[]): readonly (CpuPlace | undefined)[] {
  const where = 'query-hotpluggable-cpus';
  const places = answer.filter(isQmpObject).map(
    (item): CpuPlace => ({
      driver: field(item, 'type', asString, where),
      isTaken: item['qom-path'] !== undefined,
      count: field(item, 'vcpus-count', asNumber, where),
      props: isQmpObject(item.props) ? item.props : {},
    }),
  );
  return places
    .toSorted(byPlace)
    .flatMap(place => [place, ...Array.from({length: place.count - 1}, (): undefined => undefined)]);
}

function byPlace(a: CpuPlace, b: CpuPlace): number {
  for (const part of PARTS) {
    const difference = Number(a.props[part] ?? 0) - Number(b.props[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
