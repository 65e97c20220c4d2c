import {CODESETS, type Codeset, chordsOfText, MAX_CHORD_KEYS, parseKey} from '../../model/guest-keys.ts';
import type {CommandContext} from '../command.ts';
import {contextDomain} from '../context-domain.ts';
import {UsageError} from '../usage-error.ts';

/** `virtty send-key DOMAIN [--codeset C] [--holdtime MS] [--text TEXT] [KEY...]`: the text first, then the keys together. */
export async function run(context: CommandContext): Promise<void> {
  const {args} = context;
  const codeset = readCodeset(args.value('codeset') ?? 'linux');
  const holdTimeMs = args.count('holdtime');
  const words = args.words('keycode');
  const text = args.value('text') ?? '';
  if (words.length > MAX_CHORD_KEYS) throw new UsageError(`too many keycodes: at most ${MAX_CHORD_KEYS} are taken`);
  if (words.length === 0 && text === '') throw new UsageError("command 'send-key' needs a <keycode> or --text");
  const keys = words.map(word => parseKey(word, codeset));
  const chords = [...chordsOfText(text), ...(keys.length > 0 ? [keys] : [])];
  const {hypervisor, domain} = await contextDomain(context);
  await hypervisor.domainSendKeys(domain.name, chords, holdTimeMs === undefined ? {} : {holdTimeMs});
}

function readCodeset(name: string): Codeset {
  const found = CODESETS.find(codeset => codeset === name);
  if (found) return found;
  throw new UsageError(`unknown codeset: '${name}': there is ${CODESETS.join(' and ')}`);
}
