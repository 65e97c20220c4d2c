import {formatProblem} from '../../base/problem.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {readTextIfThere} from '../../host/files.ts';
import {type QemuConf, readQemuConf} from '../../model/config/qemu-conf.ts';

/**
 * What the qemu.conf of an instance says; nothing, where there is none or it cannot be read.
 *
 * @param onWarning  told of each thing that is wrong with it: no guest stays off because of a typing error there
 */
export async function readConfiguration(path: string, onWarning: (message: string) => void): Promise<QemuConf> {
  try {
    const {conf, problems} = readQemuConf((await readTextIfThere(path)) ?? '');
    for (const problem of problems) onWarning(`${path}: ${formatProblem(problem)}`);
    return conf;
  } catch (error) {
    if (!(error instanceof VirtError)) throw error;
    onWarning(messageOf(error));
    return {};
  }
}
