import type {NativeDraft} from './native-draft.ts';
import type {NativeArg} from './native-word.ts';
import {OptionValueError} from './option-value-error.ts';
import {shortened} from './split-native.ts';

/** Reads an option; a value that cannot be read is a problem at the option's place, and undefined. */
export function guarded<T>(arg: NativeArg, draft: NativeDraft, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof OptionValueError)) throw error;
    draft.error(arg, `'${shortened(arg.value)}' of ${arg.option}: ${error.message}`);
    return undefined;
  }
}
