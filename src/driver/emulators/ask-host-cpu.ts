import {messageOf} from '../../base/virt-error.ts';
import {spawnPiped} from '../../host/piped-child.ts';
import {isX86} from '../../model/arch.ts';
import {type CpuProperty, type ExpandedCpu, expandedCpuOf} from '../../model/cpu/expanded-cpu.ts';
import {QmpClient} from '../../monitor/qmp-client.ts';
import {asArray, asString, field, isQmpObject, type QmpValue} from '../../monitor/qmp-json.ts';

const TIMEOUT_MS = 10_000;

/** What is asked: the best that the accelerator can give a guest. Software emulation has its own best. */
const MODELS = {kvm: 'host', tcg: 'max'} as const;

/** An emulator, and how it runs the processors of a guest. */
export interface CpuQuestion {
  readonly path: string;
  /** Of the guest. */
  readonly arch: string;
  readonly accelerator: 'kvm' | 'tcg';
}

/**
 * Asks an emulator which processor it can give its guests here, features of the host's and all.
 *
 * @returns a sentence without its end that says why it does not tell
 * @see QEMU 7.2, qapi/machine-target.json, query-cpu-model-expansion
 */
export async function askHostCpu({path, arch, accelerator}: CpuQuestion): Promise<ExpandedCpu | string> {
  if (!isX86(arch) && arch !== 's390x') return `there are no named processors of ${arch} that others are like`;
  const board = `none,accel=${accelerator}`;
  const child = spawnPiped(path, [
    '-machine',
    board,
    '-S',
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-qmp',
    'stdio',
  ]);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const client = new QmpClient(child.stream);
  try {
    const limits = {signal, timeoutMs: TIMEOUT_MS};
    await client.negotiate(limits);
    const question = {type: 'static', model: {name: MODELS[accelerator]}};
    const models = await client.execute('query-cpu-definitions', undefined, limits);
    return decodeExpansion(await client.execute('query-cpu-model-expansion', question, limits), decodeBlocked(models));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const words = child.errorOutput().trim().split('\n').at(-1);
    return words ? words : messageOf(error);
  } finally {
    child.kill();
    client.dispose();
  }
}

function decodeBlocked(answer: QmpValue): ExpandedCpu['blocked'] {
  const models = (asArray(answer) ?? []).filter(isQmpObject);
  return new Map(
    models.map(model => [
      field(model, 'name', asString, 'query-cpu-definitions'),
      (asArray(model['unavailable-features']) ?? []).flatMap(feature => asString(feature) ?? []),
    ]),
  );
}

function decodeExpansion(answer: QmpValue, blocked: ExpandedCpu['blocked']): ExpandedCpu {
  const where = 'query-cpu-model-expansion';
  const model = isQmpObject(answer) ? answer.model : undefined;
  const name = field(model, 'name', asString, where);
  const props = isQmpObject(model) && isQmpObject(model.props) ? model.props : {};
  const properties = Object.entries(props).flatMap(([key, value]): readonly (readonly [string, CpuProperty])[] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[key, {value}]] : [],
  );
  return expandedCpuOf(name, new Map(properties), blocked);
}
