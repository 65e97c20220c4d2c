/** A guest that is run to see whether KVM runs guests: a few hundred bytes in the place of firmware. */
export interface TrialGuest {
  readonly image: Uint8Array;
  /** The boards that it runs on, the best first. */
  readonly boards: readonly string[];
  /** Properties that its board needs for KVM. */
  readonly boardProperties: readonly string[];
  readonly cpu?: string;
}

/** What the guest has done, by the letters that it sends on its serial line; the last one is sent at its end. */
export const TRIAL_STEPS: Readonly<Record<string, string>> = {
  P: 'its first instructions',
  T: 'its first timer interrupts',
  L: 'work in 64-bit mode',
};
export const TRIAL_END = '.';

/** What `trial-guest.S` assembles to. */
const PC_CODE = [
  'fa2e0f011678012e0f011e7e010f20c00c010f22c066ea1d000f000800b8100000008ed88ec08ed0bc007c000066baf803b0',
  '50eeb80e010f0066a300070000c7050207000008000000c70504070000008e0f00b8010000000fa20fbae2097314c705f000',
  'e0feff010000c7055003e0fe00070000b011e620b020e621b004e621b001e621b0fee621b034e643b0a9e640b004e640fbf4',
  'fa803d000500000372f466baf803b054eeb8000000800fa23d010000807266b8010000800fa20fbae21d7359c70500100000',
  '03200000c7050020000003300000c70500300000830000000f20e00c200f22e0b8001000000f22d8b9800000c00f3280cc01',
  '0f300f20c00d000000800f22c0ea2a010f001800fe050005000050b020e62058cf66baf803b02eee0f011d84010f00ccb9a0',
  '860100bf0080000048890f480307ffc975f666baf803b04cee66baf803b02eee0f011d31000000cc8d742600000000000000',
  '0000ffff0000009acf00ffff00000092cf00ffff0000009aaf001f0058010f00070100060000000000000000000000000000',
];

const PC_ROM_BYTES = 64 * 1024;
/** Where the processor starts: 16 bytes before the end. */
const PC_RESET = PC_ROM_BYTES - 16;
/** `ljmp $0xf000, $0`, to the start of the last 64 KiB below 1 MiB. */
const PC_RESET_CODE = [0xea, 0x00, 0x00, 0x00, 0xf0];
const HALT = 0xf4;

/** Sends P, counts, sends L and the end, and asks the hypervisor to switch off, each instruction as a number. */
const ARM_CODE = [
  0xd2a12001, // movz x1, #0x0900, lsl #16    the serial line of the board `virt`
  0x52800a00, // movz w0, #'P'
  0xb9000020, // str  w0, [x1]
  0x529fffe2, // movz w2, #0xffff
  0x71000442, // subs w2, w2, #1
  0x54ffffe1, // b.ne .-4
  0x52800980, // movz w0, #'L'
  0xb9000020, // str  w0, [x1]
  0x528005c0, // movz w0, #'.'
  0xb9000020, // str  w0, [x1]
  0xd2800100, // movz x0, #8                  PSCI SYSTEM_OFF, 0x84000008
  0xf2b08000, // movk x0, #0x8400, lsl #16
  0xd4000002, // hvc  #0
  0x14000000, // b    .
];

/** The guest for hosts of an architecture; undefined where there is none to try. */
export function trialGuestFor(hostArch: string): TrialGuest | undefined {
  switch (hostArch) {
    case 'x86_64':
    case 'i686':
      return {image: pcImage(), boards: ['pc', 'q35', 'isapc', 'microvm'], boardProperties: []};
    case 'aarch64':
      return {image: armImage(), boards: ['virt'], boardProperties: ['gic-version=host'], cpu: 'host'};
    default:
      return undefined;
  }
}

function pcImage(): Uint8Array {
  const image = new Uint8Array(PC_ROM_BYTES).fill(HALT);
  image.set(Buffer.from(PC_CODE.join(''), 'hex'));
  image.set(PC_RESET_CODE, PC_RESET);
  return image;
}

function armImage(): Uint8Array {
  const image = new DataView(new ArrayBuffer(ARM_CODE.length * 4));
  for (const [index, instruction] of ARM_CODE.entries()) image.setUint32(index * 4, instruction, true);
  return new Uint8Array(image.buffer);
}
