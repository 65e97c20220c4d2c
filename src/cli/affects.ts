import type {DeviceChangeOptions} from '../model/device-change.ts';
import type {DomainSummary} from '../model/hypervisor.ts';
import type {OptionSpec} from './argument-spec.ts';
import type {CommandArgs} from './command-args.ts';
import {UsageError} from './usage-error.ts';

/** The options that say of what a change is: the guest that runs, the definition, or both. */
export const AFFECTS_OPTIONS: readonly OptionSpec[] = [
  {name: 'current', help: 'the guest where it runs, else the definition (default)'},
  {name: 'live', help: 'the guest that runs'},
  {name: 'config', help: 'the definition, for its next start'},
  {name: 'persistent', help: 'the definition, and the guest where it runs'},
];

/** Of what a change is; empty where that is not said. @throws {UsageError} for words that exclude each other */
export function readAffects(args: CommandArgs, domain: DomainSummary): DeviceChangeOptions {
  const said = (['live', 'config'] as const).filter(name => args.has(name));
  if (said.length > 0 && args.has('current')) throw new UsageError('--current has no place beside --live and --config');
  if (!args.has('persistent')) return said.length > 0 ? {affects: said} : {};
  if (args.has('current')) throw new UsageError('--current has no place beside --persistent');
  const runs = domain.state.is !== 'shut off';
  return {affects: runs ? ['live', 'config'] : ['config']};
}
