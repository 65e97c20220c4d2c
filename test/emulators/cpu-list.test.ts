import {expect, test} from 'vitest';
import {readCpuList} from '../../src/driver/emulators/cpu-list.ts';

test.each([
  ['x86           [n270]\nx86       qemu64\n', ['n270', 'qemu64']],
  ['x86       Opteron_G3  AMD Opteron 23xx (Gen 3 Class Opteron)\nx86   [486]\n', ['486', 'Opteron_G3']],
  ['PowerPC 603              PVR 00030100\nPowerPC 603e_v1.1        PVR 00060101\n', ['603', '603e_v1.1']],
  ["MIPS '4Kc'\nMIPS '4KEcR1'\n", ['4KEcR1', '4Kc']],
  ['Available CPUs:\n  arm1026\n  arm926\n', ['arm1026', 'arm926']],
  ["qemu: invalid option -- '-cpu'\n", []],
  ['', []],
])('reads processors from %j', (text, names) => {
  expect(readCpuList(text).map(({name}) => name)).toEqual(names);
});
