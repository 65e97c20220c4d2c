import type {ArgvSettings} from './argv/argv-input.ts';

/**
 * What qemu.conf says of starts, for every part of the driver. Without the file everything is as libvirt has it without
 * one: screens on the loopback address without TLS, SASL or a common password.
 */
export type HostSettings = ArgvSettings;

export const DEFAULT_HOST_SETTINGS: HostSettings = {};
