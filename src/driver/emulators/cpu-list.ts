import type {CpuModel} from '../../model/cpu/cpu-model.ts';

/** `x86           [n270]`, `x86       qemu64`, and of other targets `PowerPC 603 PVR 00030100` or `arm926`. */
const CPU_LINE =
  /^\s*(?:x86|PowerPC|Sparc|MIPS)?\s*\[?'?([A-Za-z0-9_][A-Za-z0-9_. +-]*?)'?\]?(?:\s{2,}.*|\s+PVR .*|\s+IU .*)?$/;

/** The processors in what an emulator of before QMP prints for `-cpu ?`, sorted; none in any other text. */
export function readCpuList(text: string): readonly CpuModel[] {
  const names = text
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '' && !line.endsWith(':'))
    .flatMap(line => CPU_LINE.exec(line)?.[1] ?? []);
  return [...new Set(names)].sort().map(name => ({name, deprecated: false, lacks: {}}));
}
