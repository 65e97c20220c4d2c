import {VirtError} from '../base/virt-error.ts';

/** A JSON value of QMP; integers that a double cannot hold are `bigint`. */
export type QmpValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly QmpValue[]
  | {readonly [key: string]: QmpValue};

export type QmpObject = {readonly [key: string]: QmpValue};

const INTEGER = /^-?\d+$/;

/**
 * Parses one JSON text of QMP with integers exact: QEMU sends 64-bit values, which `JSON.parse` alone rounds.
 *
 * @throws {SyntaxError} when the text is not JSON
 */
export function parseQmpJson(text: string): QmpValue {
  // Only a text with a run of 16 digits can hold such an integer; without one the reviver's cost is saved.
  if (!/\d{16}/.test(text)) return JSON.parse(text) as QmpValue;
  return JSON.parse(text, (_key, value: unknown, context?: {readonly source?: string}) => {
    const source = context?.source;
    const rounded = typeof value === 'number' && !Number.isSafeInteger(value);
    return rounded && source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
  }) as QmpValue;
}

/** The inverse of `parseQmpJson`. `space` indents as in `JSON.stringify`. */
export function formatQmpJson(value: QmpValue, space?: number): string {
  const rawJson = (JSON as unknown as {rawJSON(text: string): unknown}).rawJSON;
  return JSON.stringify(
    value,
    (_key, entry: unknown) => (typeof entry === 'bigint' ? rawJson(entry.toString()) : entry),
    space,
  );
}

export function isQmpObject(value: QmpValue | undefined): value is QmpObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type FieldKind<T> = (value: QmpValue | undefined) => T | undefined;

/**
 * Reads one field of a reply.
 *
 * @param where  how the reply is named in the message, e.g. `query-status`
 * @throws {VirtError} INTERNAL_ERROR naming the field that is missing or of another kind
 */
export function field<T>(value: QmpValue | undefined, name: string, kind: FieldKind<T>, where: string): T {
  const found = isQmpObject(value) ? kind(value[name]) : undefined;
  if (found === undefined) {
    const got = isQmpObject(value) ? JSON.stringify(value[name] ?? null) : 'no object';
    throw new VirtError(
      'INTERNAL_ERROR',
      'QEMU',
      `the emulator's answer to ${where} cannot be read: ${name} is ${got}`,
    );
  }
  return found;
}

export const asString: FieldKind<string> = value => (typeof value === 'string' ? value : undefined);
export const asNumber: FieldKind<number> = value => (typeof value === 'number' ? value : undefined);
export const asBoolean: FieldKind<boolean> = value => (typeof value === 'boolean' ? value : undefined);
export const asArray: FieldKind<readonly QmpValue[]> = value => (Array.isArray(value) ? value : undefined);
