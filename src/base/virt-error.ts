/** libvirt's error numbers that this program raises. Source: libvirt 9.0.0, include/libvirt/virterror.h, virErrorNumber. */
export const ERROR_CODES = {
  INTERNAL_ERROR: 1,
  NO_SUPPORT: 3,
  NO_CONNECT: 5,
  INVALID_ARG: 8,
  OPERATION_FAILED: 9,
  XML_ERROR: 27,
  DOM_EXIST: 28,
  OPERATION_DENIED: 29,
  XML_DETAIL: 35,
  SYSTEM_ERROR: 38,
  NO_DOMAIN: 42,
  NO_NETWORK: 43,
  NO_STORAGE_POOL: 49,
  NO_STORAGE_VOL: 50,
  OPERATION_INVALID: 55,
  NO_SECRET: 66,
  CONFIG_UNSUPPORTED: 67,
  OPERATION_TIMEOUT: 68,
  ARGUMENT_UNSUPPORTED: 74,
  OPERATION_ABORTED: 78,
  OPERATION_UNSUPPORTED: 84,
  RESOURCE_BUSY: 87,
  XML_INVALID_SCHEMA: 92,
} as const;

/** libvirt's error domains. Source: libvirt 9.0.0, include/libvirt/virterror.h, virErrorDomain. */
export const ERROR_DOMAINS = {
  NONE: 0,
  XML: 5,
  RPC: 7,
  CONF: 9,
  QEMU: 10,
  NETWORK: 19,
  STORAGE: 18,
  DOMAIN: 20,
  SECURITY: 24,
  SECRET: 30,
  CAPABILITIES: 44,
  URI: 45,
  CGROUP: 54,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
export type ErrorDomain = keyof typeof ERROR_DOMAINS;

export interface VirtErrorOptions {
  readonly cause?: unknown;
  /** What the admin can do about it, as one sentence or an exact command. */
  readonly hint?: string;
  /** Extra lines that belong to the error, such as the emulator's own words; unsanitised outside text. */
  readonly detail?: readonly string[];
}

/**
 * An expected failure, with libvirt's code and domain so that it crosses the wire unchanged.
 * The message says what was tried, on what, and why it failed; `hint` says what to do.
 */
export class VirtError extends Error {
  readonly code: ErrorCode;
  readonly domain: ErrorDomain;
  readonly hint: string | undefined;
  readonly detail: readonly string[];

  constructor(code: ErrorCode, domain: ErrorDomain, message: string, options: VirtErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause});
    this.name = 'VirtError';
    this.code = code;
    this.domain = domain;
    this.hint = options.hint;
    this.detail = options.detail ?? [];
  }
}

/** The message of anything thrown, for a sentence that quotes it. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
