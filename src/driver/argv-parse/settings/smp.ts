import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';

/** `-smp`: with `maxcpus` the first number is that of the processors at the start. */
export function readSmp(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'cpus');
  const sockets = bag.takeNumber('sockets');
  const dies = bag.takeNumber('dies');
  const cores = bag.takeNumber('cores');
  const threads = bag.takeNumber('threads');
  const given = sockets ?? dies ?? cores ?? threads;
  const product = (sockets ?? 1) * (dies ?? 1) * (cores ?? 1) * (threads ?? 1);
  const current = bag.takeNumber('cpus') ?? (given === undefined ? undefined : product);
  const maximum = bag.takeNumber('maxcpus') ?? current;
  if (current === undefined || maximum === undefined || current < 1 || maximum < current) {
    draft.error(arg, `'${arg.value}' of -smp is no number of processors`);
    return;
  }
  draft.sections.vcpus = maximum;
  if (maximum > current) draft.sections.vcpuPlacement = {current};
  if (given !== undefined) {
    const topology = {
      sockets: sockets ?? Math.max(1, Math.floor(maximum / product)),
      dies: dies ?? 1,
      cores: cores ?? 1,
      threads: threads ?? 1,
    };
    draft.sections.cpu = {...draft.sections.cpu, topology};
  }
  draft.warnRest(arg, bag);
}
