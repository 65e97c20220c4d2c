import type {DeviceRule} from './device-rule.ts';

/**
 * A BPF program of the type `cgroup/dev` that allows what a list of rules names, and its reading back.
 *
 * The kernel calls it with `{u32 access << 16 | type, u32 major, u32 minor}` whenever a process of the group opens a node or
 * makes one, and takes 1 for yes. @see Linux, include/uapi/linux/bpf.h, struct bpf_cgroup_dev_ctx
 */
interface Instruction {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  readonly offset: number;
  readonly immediate: number;
}

const BYTES = 8;
const TYPES = {b: 1, c: 2} as const;
const ACCESS = {r: 2, w: 4, m: 1} as const;

/** @see Linux, Documentation/bpf/standardization/instruction-set.rst */
const CODE = {
  loadWord: 0x61,
  move: 0xbf,
  set: 0xb7,
  and: 0x57,
  shiftRight: 0x77,
  unlessEqual: 0x55,
  unlessSame: 0x5d,
  exit: 0x95,
};

/** What is asked for: r2 the type, r3 the access, r4 and r5 the numbers. */
const HEADER: readonly Instruction[] = [
  made(CODE.loadWord, 2, {src: 1}),
  made(CODE.loadWord, 4, {src: 1, offset: 4}),
  made(CODE.loadWord, 5, {src: 1, offset: 8}),
  made(CODE.move, 3, {src: 2}),
  made(CODE.shiftRight, 3, {immediate: 16}),
  made(CODE.and, 2, {immediate: 0xffff}),
];
/** What no rule allows is refused. */
const FOOTER = answer(0);

/** The bytes of the program for a machine of this byte order. */
export function encodeDeviceProgram(rules: readonly DeviceRule[], littleEndian: boolean): Uint8Array {
  const all = [...HEADER, ...rules.flatMap(encodeRule), ...FOOTER];
  const bytes = new Uint8Array(all.length * BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, {code, dst, src, offset, immediate}] of all.entries()) {
    view.setUint8(index * BYTES, code);
    view.setUint8(index * BYTES + 1, littleEndian ? (src << 4) | dst : (dst << 4) | src);
    view.setInt16(index * BYTES + 2, offset, littleEndian);
    view.setInt32(index * BYTES + 4, immediate, littleEndian);
  }
  return bytes;
}

/**
 * What a program allows.
 *
 * @param bytes  as the kernel gives them back
 * @returns undefined for a program that this driver does not make
 */
export function decodeDeviceProgram(bytes: Uint8Array, littleEndian: boolean): readonly DeviceRule[] | undefined {
  const all = instructionsOf(bytes, littleEndian);
  if (!isSame(all.slice(0, HEADER.length), HEADER) || !isSame(all.slice(-FOOTER.length), FOOTER)) return undefined;
  const body = all.slice(HEADER.length, -FOOTER.length);
  const rules: DeviceRule[] = [];
  while (body.length > 0) {
    const rule = decodeRule(body);
    if (!rule || !isSame(body.splice(0, encodeRule(rule).length), encodeRule(rule))) return undefined;
    rules.push(rule);
  }
  return rules;
}

/** Goes on behind itself unless everything fits; what is asked for must be among what is allowed. */
function encodeRule({type, major, minor, access}: DeviceRule): readonly Instruction[] {
  const allow = [
    made(CODE.move, 1, {src: 3}),
    made(CODE.and, 1, {immediate: maskOf(access)}),
    made(CODE.unlessSame, 1, {src: 3, offset: 2}),
    ...answer(1),
  ];
  const conditions: readonly (readonly [register: number, value: number])[] = [
    [2, TYPES[type]],
    [4, major],
    ...(minor === '*' ? [] : [[5, minor] as const]),
  ];
  const tests = conditions.map(([register, immediate], index) =>
    made(CODE.unlessEqual, register, {immediate, offset: conditions.length - index - 1 + allow.length}),
  );
  return [...tests, ...allow];
}

/** The rule that begins here, if it is one; whether it is one throughout is looked at by making it again. */
function decodeRule(body: readonly Instruction[]): DeviceRule | undefined {
  const [type, major, third] = body;
  const hasMinor = third?.code === CODE.unlessEqual;
  const mask = body[hasMinor ? 4 : 3];
  if (!type || !major || !third || !mask) return undefined;
  const access = Object.entries(ACCESS).flatMap(([letter, bit]) => (mask.immediate & bit ? letter : []));
  return {
    type: type.immediate === TYPES.b ? 'b' : 'c',
    major: major.immediate,
    minor: hasMinor ? third.immediate : '*',
    access: access.join(''),
  };
}

function maskOf(access: string): number {
  return Object.entries(ACCESS).reduce((mask, [letter, bit]) => (access.includes(letter) ? mask | bit : mask), 0);
}

function answer(value: 0 | 1): readonly Instruction[] {
  return [made(CODE.set, 0, {immediate: value}), made(CODE.exit, 0, {})];
}

function made(code: number, dst: number, {src = 0, offset = 0, immediate = 0}: Partial<Instruction>): Instruction {
  return {code, dst, src, offset, immediate};
}

function instructionsOf(bytes: Uint8Array, littleEndian: boolean): Instruction[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({length: Math.floor(bytes.length / BYTES)}, (_, index) => {
    const registers = view.getUint8(index * BYTES + 1);
    const [low, high] = [registers & 0xf, registers >> 4];
    return {
      code: view.getUint8(index * BYTES),
      dst: littleEndian ? low : high,
      src: littleEndian ? high : low,
      offset: view.getInt16(index * BYTES + 2, littleEndian),
      immediate: view.getInt32(index * BYTES + 4, littleEndian),
    };
  });
}

function isSame(some: readonly Instruction[], others: readonly Instruction[]): boolean {
  return some.length === others.length && some.every((one, index) => equal(one, others[index]));
}

function equal(one: Instruction, other: Instruction | undefined): boolean {
  return (
    one.code === other?.code &&
    one.dst === other.dst &&
    one.src === other.src &&
    one.offset === other.offset &&
    one.immediate === other.immediate
  );
}
