import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';

/** What the emulator does with what it will drop one day, by output and input. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildCompatDeprecatedCommandLine. */
const BEHAVIOURS = {'hide ': 'omit', 'hide reject': 'reject', 'hide crash': 'crash'} as const;

/** `-compat`. */
export function readCompat(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const wish = `${bag.take('deprecated-output') ?? ''} ${bag.take('deprecated-input') ?? ''}`;
  const known = (['hide ', 'hide reject', 'hide crash'] as const).find(word => word === wish);
  if (!known || bag.rest.length > 0) draft.keep(arg);
  else draft.deprecation = BEHAVIOURS[known];
}
