import {accessSync, constants, writeFileSync} from 'node:fs';
import {trialGuestFor} from '../../src/driver/emulators/kvm/trial-guest.ts';
import {visitKvm} from '../../src/driver/emulators/kvm/visit-kvm.ts';
import {probeEmulator} from '../../src/driver/emulators/probe.ts';
import {withTempRoot} from './temp-root.ts';

/** Whether guests really run with KVM here, found out with one: a device node that opens may still run nothing. */
export async function isKvmUsable(path: string): Promise<boolean> {
  const guest = trialGuestFor('x86_64');
  if (!guest || !isWritable('/dev/kvm')) return false;
  const probed = await probeEmulator(path);
  if (probed.status !== 'ok') return false;
  return withTempRoot(async root => {
    const imagePath = root.join('image');
    writeFileSync(imagePath, guest.image);
    const visit = await visitKvm({path, caps: probed.caps, guest, imagePath});
    return visit?.status.usable ?? false;
  });
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false; // whatever the reason is
  }
}
