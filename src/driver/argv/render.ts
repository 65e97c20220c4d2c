import {assertNever} from '../../base/assert-never.ts';
import type {ImpliedOption, OptionValue, QemuArg} from './qemu-arg.ts';

/**
 * The command line of an emulator without its name, one element per word as `execve` takes it.
 * The only place that doubles commas and writes `key=value` or JSON; nothing is quoted for a shell.
 */
export function renderArgv(args: readonly QemuArg[]): string[] {
  return args.flatMap(renderArg);
}

/** The one or two words of an option. */
export function renderArg(arg: QemuArg): string[] {
  switch (arg.kind) {
    case 'bare':
      return [arg.flag];
    case 'text':
      return [arg.flag, arg.value];
    case 'options': {
      const pairs = arg.options.map(([key, value]) => renderPair(key, value));
      return [arg.flag, [...(arg.implied ? [renderImplied(arg.implied)] : []), ...pairs].join(',')];
    }
    case 'json':
      return [arg.flag, JSON.stringify(arg.value)];
    default:
      return assertNever(arg);
  }
}

/** Without its key only where QEMU cannot take the word for a pair or for two words. */
function renderImplied({key, value}: ImpliedOption): string {
  return value === '' || /[=,]/.test(value) ? renderPair(key, value) : value;
}

function renderPair(key: string, value: OptionValue): string {
  return `${key}=${typeof value === 'boolean' ? onOff(value) : doubleCommas(String(value))}`;
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off';
}

/** A single comma ends a value. Source: QEMU 7.2, util/qemu-option.c, get_opt_value. */
function doubleCommas(text: string): string {
  return text.replaceAll(',', ',,');
}
