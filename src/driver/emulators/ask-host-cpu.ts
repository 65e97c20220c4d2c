import {isX86} from '../../model/arch.ts';
import type {Accelerator} from '../../model/cpu/cpu-model.ts';
import {type CpuProperty, type ExpandedCpu, expandedCpuOf} from '../../model/cpu/expanded-cpu.ts';
import {asArray, asString, field, isQmpObject, type QmpValue} from '../../monitor/qmp-json.ts';
import {talkToEmulator} from './talk-to-emulator.ts';

/** What is asked: the best that the accelerator can give a guest. Software emulation has its own best. */
export const BEST_MODELS = {kvm: 'host', tcg: 'max'} as const;

/** An emulator, and how it runs the processors of a guest. */
export interface CpuQuestion {
  readonly path: string;
  /** Of the guest. */
  readonly arch: string;
  readonly accelerator: Accelerator;
}

/**
 * Asks an emulator which processor it can give its guests here, features of the host's and all.
 *
 * @returns a sentence without its end that says why it does not tell
 * @see QEMU 7.2, qapi/machine-target.json, query-cpu-model-expansion
 */
export async function askHostCpu({path, arch, accelerator}: CpuQuestion): Promise<ExpandedCpu | string> {
  if (!isX86(arch) && arch !== 's390x') return `there are no named processors of ${arch} that others are like`;
  const question = {type: 'static', model: {name: BEST_MODELS[accelerator]}};
  return talkToEmulator(path, accelerator, async ask =>
    expandedCpuFrom(await ask('query-cpu-model-expansion', question), await ask('query-cpu-definitions')),
  );
}

function decodeBlocked(answer: QmpValue | undefined): ExpandedCpu['blocked'] {
  const models = (asArray(answer) ?? []).filter(isQmpObject);
  return new Map(
    models.map(model => [
      field(model, 'name', asString, 'query-cpu-definitions'),
      (asArray(model['unavailable-features']) ?? []).flatMap(feature => asString(feature) ?? []),
    ]),
  );
}

/**
 * Makes a processor of what an emulator answers.
 *
 * @param answer  `query-cpu-model-expansion`
 * @param definitions  `query-cpu-definitions`
 * @throws {VirtError} INTERNAL_ERROR naming the field that cannot be read
 */
export function expandedCpuFrom(answer: QmpValue, definitions: QmpValue | undefined): ExpandedCpu {
  const where = 'query-cpu-model-expansion';
  const model = isQmpObject(answer) ? answer.model : undefined;
  const name = field(model, 'name', asString, where);
  const props = isQmpObject(model) && isQmpObject(model.props) ? model.props : {};
  const properties = Object.entries(props).flatMap(([key, value]): readonly (readonly [string, CpuProperty])[] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[key, {value}]] : [],
  );
  return expandedCpuOf(name, new Map(properties), decodeBlocked(definitions));
}
