import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';

/** `-no-reboot`. */
export function readNoReboot(_arg: NativeArg, draft: NativeDraft): void {
  draft.sections.onReboot = 'destroy';
}

/** `-no-acpi`. */
export function readNoAcpi(_arg: NativeArg, draft: NativeDraft): void {
  draft.noAcpi = true;
}

/** `-action`: what is not the usual is in the three lifecycle elements, and in the watchdog. */
export function readAction(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  if (bag.takeWord('reboot', ['reset', 'shutdown']) === 'shutdown') draft.sections.onReboot = 'destroy';
  if (bag.takeWord('shutdown', ['poweroff', 'pause']) === 'pause') draft.sections.onPoweroff = 'preserve';
  if (bag.takeWord('panic', ['shutdown', 'exit-failure', 'pause', 'none']) === 'pause')
    draft.sections.onCrash = 'preserve';
  const watchdog = bag.take('watchdog');
  if (watchdog !== undefined) draft.watchdogAction = watchdog;
  draft.warnRest(arg, bag);
}

/** `-watchdog-action`. */
export function readWatchdogAction(arg: NativeArg, draft: NativeDraft): void {
  draft.watchdogAction = arg.value;
}

/** `-watchdog`. */
export function readWatchdog(arg: NativeArg, draft: NativeDraft): void {
  const model = (['i6300esb', 'ib700', 'diag288'] as const).find(word => word === arg.value);
  if (!model) {
    draft.keep(arg);
    return;
  }
  draft.devices.push({kind: 'watchdog', model, action: 'reset'});
}
