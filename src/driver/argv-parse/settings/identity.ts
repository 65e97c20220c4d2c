import {nameProblem, normaliseUuid} from '../../../model/domain/parse-identity.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {parseOption} from '../parse-option.ts';

/** `-name`: the name of the process is the driver's affair. */
export function readName(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value, 'guest');
  const name = bag.take('guest');
  const problem = name ? nameProblem(name) : undefined;
  if (problem !== undefined) draft.error(arg, problem);
  else if (name) draft.sections.name = name;
  bag.drop('process', 'debug-threads', 'nodebug-threads');
  draft.warnRest(arg, bag);
}

/** `-uuid`. */
export function readUuid(arg: NativeArg, draft: NativeDraft): void {
  const uuid = normaliseUuid(arg.value);
  if (uuid === undefined) draft.error(arg, `'${arg.value}' of -uuid is not a UUID: it must have 32 hexadecimal digits`);
  else draft.sections.uuid = uuid;
}
