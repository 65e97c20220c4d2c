import type {SoundDef} from '../../../model/devices/sound.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {ownProperty} from '../own-property.ts';

/** The words of `-soundhw` that the XML has a model for. Source: libvirt 4.5.0, src/conf/domain_conf.c, virDomainSoundModel. */
const MODELS: Readonly<Record<string, SoundDef['model']>> = {
  sb16: 'sb16',
  es1370: 'es1370',
  pcspk: 'pcspk',
  ac97: 'ac97',
  hda: 'ich6',
};

/** `-soundhw`: cards by name; `all` is the four that every emulator had. */
export function readSoundhw(arg: NativeArg, draft: NativeDraft): void {
  const words = arg.value === 'all' ? ['sb16', 'es1370', 'pcspk', 'ac97'] : arg.value.split(',');
  const unknown = words.filter(word => ownProperty(MODELS, word) === undefined);
  for (const word of words) {
    const model = ownProperty(MODELS, word);
    if (model !== undefined) draft.devices.push({kind: 'sound', model});
  }
  if (unknown.length > 0) draft.keep({...arg, words: ['-soundhw', unknown.join(',')]});
}
