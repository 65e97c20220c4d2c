import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {text} from 'node:stream/consumers';

/** The instance that is asked, where a libvirtd answers for it. */
const URI = 'qemu:///system';

/** How often a second virsh converts, or why that is not known. */
export type VirshReading = {readonly perSecond: number} | {readonly leftOut: string};

/** Lets one virsh convert a domain XML many times over one connection; what one time takes is not counted. */
export async function virshConversionsPerSecond(file: string, count: number): Promise<VirshReading> {
  try {
    const first = await msOf(file, 1);
    return {perSecond: (count * 1000) / ((await msOf(file, 1 + count)) - first)};
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return {leftOut: isMissing ? 'there is no virsh' : error instanceof Error ? error.message : String(error)};
  }
}

/** Milliseconds from the start of virsh to its end. @throws {Error} in virsh's words when a conversion fails */
async function msOf(file: string, count: number): Promise<number> {
  const start = performance.now();
  const child = spawn('virsh', ['-q', '-c', URI], {stdio: ['pipe', 'pipe', 'pipe']});
  const ended = once(child, 'close');
  const outputs = Promise.all([text(child.stdout), text(child.stderr), ended]);
  child.stdin.on('error', () => {}); // it ends without reading when there is no libvirtd, which its words tell
  child.stdin.end(`domxml-to-native qemu-argv ${file}\n`.repeat(count));
  const [output, errors] = await outputs;
  const elapsed = performance.now() - start;
  const converted = output.split('-name guest=').length - 1;
  if (converted === count) return elapsed;
  throw new Error(errors.trim().split('\n')[0] ?? `virsh converted ${converted} of ${count}`);
}
