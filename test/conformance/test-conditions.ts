import type {ArgvSettings} from '../../src/driver/argv/argv-input.ts';
import type {CompletionFacts} from '../../src/model/post-parse/complete-domain.ts';

/** What of its surroundings libvirt's test program sets for a case besides the flags of the emulator. */
export interface TestConditions {
  readonly settings: ArgvSettings;
  readonly facts: Partial<CompletionFacts>;
}

/** Of all cases. Source: the README of `xml2xml-modern`, "Conditions of the test". */
const SETTINGS: ArgvSettings = {
  spice: {tls: {x509Dir: '/etc/pki/libvirt-spice'}, password: '123456'},
  chardevTls: {x509Dir: '/etc/pki/libvirt-chardev'},
  diskTls: {x509Dir: '/etc/pki/libvirt-nbd'},
};

const SASL = {sasl: true, saslDir: '/root/.sasl2'};

/**
 * The lines of qemu.conf and the environment that the program sets around single cases; its manifest does not record
 * them. Source: libvirt 9.0.0, tests/qemuxml2argvtest.c, `driver.config` and `g_setenv`.
 */
const OF_CASES: Readonly<Record<string, Partial<TestConditions>>> = {
  'graphics-vnc-sasl': {settings: {vnc: SASL}},
  'graphics-vnc-tls': {settings: {vnc: {...SASL, tls: {x509Dir: '/etc/pki/libvirt-vnc', verify: true}}}},
  'graphics-vnc-auto-socket-cfg': {settings: {vnc: {autoUnixSocket: true}}},
  'graphics-spice-sasl': {settings: {spice: SASL}},
  'graphics-spice-auto-socket-cfg': {settings: {spice: {autoUnixSocket: true}}},
  'audio-default-vnc': hostAudio(),
  'audio-default-spice': hostAudio(),
  'audio-default-nographics': hostAudio(),
};

function hostAudio(): Partial<TestConditions> {
  return {facts: {hostAudio: {type: 'alsa', withVnc: true, withoutScreen: true}}};
}

/** The conditions of a case. */
export function conditionsOf(name: string): TestConditions {
  const {settings = {}, facts = {}} = OF_CASES[name] ?? {};
  return {settings: {...SETTINGS, ...settings, spice: {...SETTINGS.spice, ...settings.spice}}, facts};
}
