import {VirtError} from '../base/virt-error.ts';
import {isX86} from '../model/arch.ts';
import {xmlFeatureName} from '../model/cpu/feature-names.ts';
import type {DomainDef} from '../model/domain-def.ts';
import type {QmpClient} from '../monitor/qmp-client.ts';
import {asArray, asString, isQmpObject} from '../monitor/qmp-json.ts';

/**
 * Holds the processor that the guest got against its definition where that says `check='full'`; called before the guest runs.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED naming the features that are not there
 * @see libvirt 9.0.0, src/qemu/qemu_process.c, qemuProcessVerifyCPU
 */
export async function checkGuestCpu(monitor: Pick<QmpClient, 'execute'>, {name, cpu, os}: DomainDef): Promise<void> {
  if (cpu?.check !== 'full' || !isX86(os.arch)) return;
  const [first] = asArray(await monitor.execute('query-cpus-fast')) ?? [];
  const path = isQmpObject(first) ? asString(first['qom-path']) : undefined;
  if (path === undefined) return;
  const answer = await monitor.execute('qom-get', {path, property: 'unavailable-features'});
  const missing = (asArray(answer) ?? []).flatMap(feature => asString(feature) ?? []).map(xmlFeatureName);
  if (missing.length === 0) return;
  throw new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot start domain '${name}': its processor would lack ${missing.join(', ')}, and <cpu check='full'> forbids that`,
    {hint: "disable those features, take another model, or write check='partial'"},
  );
}
