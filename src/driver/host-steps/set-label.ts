import {VirtError} from '../../base/virt-error.ts';
import {type LabelRefusal, setFileLabel} from '../../host/set-file-label.ts';
import type {HostStep} from './host-step.ts';

type SetLabel = Extract<HostStep, {do: 'set-label'}>;

/**
 * Labels what the driver has made for a guest. Where the file system has no labels, the policy decides by that.
 *
 * @throws {VirtError} OPERATION_FAILED when the policy refuses it
 */
export async function setLabel({path, label, ifAllowed}: SetLabel): Promise<void> {
  const refused = await setFileLabel(path, label);
  if (!refused || refused.isOfFileSystem || ifAllowed) return;
  throw labelError(path, label, refused);
}

export function labelError(path: string, label: string, {why}: LabelRefusal): VirtError {
  return new VirtError('OPERATION_FAILED', 'SECURITY', `cannot label '${path}' as '${label}': ${why}`, {
    hint: 'look for "avc: denied" in the log of the kernel, or of auditd',
  });
}
