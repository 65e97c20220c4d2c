import {messageOf, VirtError} from '../../base/virt-error.ts';
import type {EmulatorCaps} from '../../model/capabilities.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {emulatorNames} from '../../model/emulator-arch.ts';
import {isQmpObject, parseQmpJson, type QmpValue} from '../../monitor/qmp-json.ts';
import {decodeCaps} from '../emulators/caps-json.ts';
import {type ChosenEmulator, EmulatorRegistry} from '../emulators/emulator-registry.ts';
import {capsOfHelpText} from '../emulators/help-caps.ts';
import {searchDirs} from '../emulators/search-dirs.ts';

/** Where what an emulator can do is taken from: it need not be installed here. */
export type EmulatorSource =
  | {
      readonly from: 'host';
      readonly cacheDir: string;
      /** The path of qemu.conf, which need not be there. */
      readonly configuration: string;
      readonly onWarning: (message: string) => void;
    }
  /** What the emulator prints for `-help`. */
  | {readonly from: 'help'; readonly text: string}
  /** A saved probe, as the capability cache keeps it, or its capabilities alone. */
  | {readonly from: 'caps'; readonly json: string};

/**
 * The emulator that a definition gets.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED when there is none, INVALID_ARG for a text that says nothing of an emulator
 */
export async function resolveEmulator(def: DomainDef, source: EmulatorSource): Promise<ChosenEmulator> {
  const path = def.emulator ?? `/usr/bin/${emulatorNames(def.os.arch)[0] ?? 'qemu'}`;
  switch (source.from) {
    case 'help':
      return {path, caps: capsOfHelpText(source.text, def.os.arch)};
    case 'caps':
      return {path, caps: readSavedCaps(source.json)};
    case 'host': {
      // Whether KVM can be used is asked when the line is run, not when it is printed.
      const readKvm = async () => ({usable: true}) as const;
      const registry = new EmulatorRegistry({
        cacheDir: source.cacheDir,
        searchDirs: await searchDirs(source.configuration, source.onWarning),
        onWarning: source.onWarning,
        readKvm,
        triesKvm: false,
      });
      try {
        return await registry.forDomain(def);
      } finally {
        registry.dispose();
      }
    }
  }
}

function readSavedCaps(json: string): EmulatorCaps {
  try {
    const saved: QmpValue = parseQmpJson(json);
    const entry = isQmpObject(saved) ? (saved.value ?? saved) : saved;
    return decodeCaps(isQmpObject(entry) ? (entry.caps ?? entry) : entry);
  } catch (error) {
    if (!(error instanceof VirtError) && !(error instanceof SyntaxError)) throw error;
    throw new VirtError('INVALID_ARG', 'QEMU', `cannot read the saved probe of the emulator: ${messageOf(error)}`, {
      cause: error,
      hint: "take a file of the cache, e.g. from ~/.cache/virtty/qemu, or an emulator's -help with --emulator-help",
    });
  }
}
