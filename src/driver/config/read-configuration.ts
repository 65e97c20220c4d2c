import {formatProblem} from '../../base/problem.ts';
import {messageOf, VirtError} from '../../base/virt-error.ts';
import {readTextNow} from '../../host/files.ts';
import {type QemuConf, readQemuConf} from '../../model/config/qemu-conf.ts';

/**
 * What the qemu.conf of an instance says; nothing, where there is none or it cannot be read.
 *
 * @param onWarning  told of each error in it: they keep guests off, and nobody from looking
 */
export async function readConfiguration(path: string, onWarning: (message: string) => void): Promise<QemuConf> {
  try {
    const {conf, problems} = readQemuConf(readTextNow(path) ?? '');
    for (const problem of problems) {
      if (problem.severity === 'error') onWarning(`${path}: ${formatProblem(problem)}`);
    }
    return conf;
  } catch (error) {
    if (!(error instanceof VirtError)) throw error;
    onWarning(messageOf(error));
    return {};
  }
}
