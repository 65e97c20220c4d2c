import {readFileSync} from 'node:fs';
import {installHint} from '../driver/emulators/install-hint.ts';

/** What to type on this host to get an emulator for an architecture. */
export function emulatorHint(arch: string): string {
  return `install an emulator: ${installHint(arch, readOsRelease())}`;
}

/** Without the file the hint names no package manager for sure. */
function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
