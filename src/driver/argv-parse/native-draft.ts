import type {Problem} from '../../base/problem.ts';
import type {ChardevSource} from '../../model/devices/chardev.ts';
import type {ControllerType} from '../../model/devices/controller.ts';
import type {DeviceDef} from '../../model/devices/device-def.ts';
import type {GraphicsDef} from '../../model/devices/graphics.ts';
import type {TimerDef} from '../../model/domain/clock.ts';
import type {QemuNamespaceDef, QemuOverride} from '../../model/domain/qemu-namespace.ts';
import type {BootDevice, ClockDef, DomainDef, FeaturesDef, OsDef} from '../../model/domain-def.ts';
import {ProblemList} from '../../model/xml/problem-list.ts';
import type {Directory} from './directory.ts';
import type {DriveBackend} from './drive-backend.ts';
import type {NativeArg, NativeWord, WordPlace} from './native-word.ts';
import type {NetBackend, NetCard} from './net-backend.ts';
import type {OptionBag} from './option-bag.ts';
import {shortened} from './split-native.ts';

type Writable<T> = {-readonly [K in keyof T]?: T[K] | undefined};

/** A backend that a device names by its id; one that nobody names is kept with the words that made it. */
export interface Pending<Backend> {
  readonly backend: Backend;
  readonly arg: NativeArg;
  used: boolean;
}

/** A backend of a character device, and where its output is written too. */
export interface ChardevBackend {
  readonly source: ChardevSource;
  readonly log?: {readonly file: string; readonly append?: boolean};
}

/** An object that `-machine` names, and for what. */
export interface BoardObject {
  readonly arg: NativeArg;
  readonly id: string;
  /** As it stood there, for the case that it is kept. */
  readonly words: readonly string[];
  readonly use: 'launch-security' | 'protected-memory';
  /** The NUMA cell of protected memory. */
  readonly node?: number;
}

/** What is read of a command line, until it is a definition; written by the handlers of the options, in their order. */
export class NativeDraft {
  readonly binary: string;
  readonly environment: ReadonlyMap<string, string>;
  /** What a relative path is relative to; undefined where nobody knows. */
  readonly directory: string | undefined;
  arch: string;
  /** What `-machine` says, or the usual board. */
  machine: string;
  /** Whether a path is left for the user to complete. */
  hasRelativePath = false;
  /** Whether an option names the board. */
  hasMachine = false;
  type: DomainDef['type'] = 'qemu';
  readonly os: Writable<OsDef> = {};
  readonly features: Writable<FeaturesDef> = {};
  readonly sections: Writable<Omit<DomainDef, 'os' | 'features' | 'devices' | 'clock' | 'qemu'>> = {};
  clock: ClockDef = {offset: 'utc'};
  readonly timers: TimerDef[] = [];
  boot: readonly BootDevice[] = [];
  devices: DeviceDef[] = [];
  readonly graphics: GraphicsDef[] = [];
  keymap: string | undefined;
  /** The adapter that `-vga` names; undefined where it says nothing. */
  vga: string | undefined;
  noGraphic = false;
  /** What puts the first serial line on the terminal, where nothing else is said of it. */
  terminalArg: NativeArg | undefined;
  noDefaults = false;
  noAcpi = false;
  fullscreen = false;
  watchdogAction: string | undefined;
  readonly drives = new Map<string, Pending<DriveBackend>>();
  readonly nodes = new Map<string, Pending<OptionBag>>();
  readonly chardevs = new Map<string, Pending<ChardevBackend | undefined>>();
  readonly netdevs = new Map<string, Pending<NetBackend>>();
  readonly objects = new Map<string, Pending<OptionBag>>();
  readonly fsdevs = new Map<string, Pending<Directory>>();
  readonly tpmdevs = new Map<string, Pending<OptionBag>>();
  /** `-net` of before `-netdev`: a card and a backend meet on a number. */
  readonly vlanCards: {
    readonly vlan: number;
    readonly card: NetCard;
    /** Of a card that names its backend instead. */
    readonly netdev: string | undefined;
    readonly arg: NativeArg;
  }[] = [];
  readonly vlanBackends: {readonly vlan: number; readonly pending: Pending<NetBackend>}[] = [];
  /** Ids of `-audiodev`, with the number that the XML has for each. */
  readonly audios = new Map<string, number>();
  /** The id of the `-audiodev` that the board's own speaker plays on. */
  pcSpeaker: {readonly arg: NativeArg; readonly backend: string} | undefined;
  /** Where in `devices` the sound card is that a bus belongs to. */
  readonly soundBuses = new Map<string, number>();
  /** Controllers by the names of their buses, without the number of the bus on those that have several. */
  readonly buses = new Map<string, {readonly type: ControllerType; readonly index: number}>();
  /** `-device`, and `-object` of what is a device to the XML, read when all backends are known. */
  readonly deviceArgs: NativeArg[] = [];
  /** `-serial` and `-parallel`, likewise. */
  readonly portArgs: NativeArg[] = [];
  /** Whether a `-nic` says something of the network. */
  hasNic = false;
  /** `-netdev` and `-net`, likewise. */
  readonly netArgs: NativeArg[] = [];
  /** Objects of what qemu.conf says for all domains, e.g. certificates. */
  readonly configuredObjects = new Set<string>();
  /** The UUID that the firmware shows the guest, of a domain that has no other. */
  smbiosUuid: string | undefined;
  deprecation: QemuNamespaceDef['deprecation'];
  /** Whether the line has a USB bus. */
  usb = false;
  iscsiInitiator: string | undefined;
  /** The place of floppy drives in the boot order. */
  readonly floppyBoot = new Map<string, number>();
  /** Whether flash is written by the firmware's own mode only. */
  secureFlash = false;
  /** Numbers of the threads that disks are served by, by the ids of their objects. */
  readonly iothreads = new Map<string, number>();
  /** The nodes that the board has its flash from. */
  readonly flashNodes: {readonly arg: NativeArg; readonly node: string; readonly unit: number}[] = [];
  /** `-numa`, read when every object is known; its cells, with the objects that their memory is. */
  readonly numaArgs: NativeArg[] = [];
  readonly numaCells: {readonly id: number; readonly memdev: string | undefined}[] = [];
  /** Other objects that the board names. */
  readonly boardObjects: BoardObject[] = [];
  /** The object that all memory is. */
  memoryBackend: {readonly arg: NativeArg; readonly id: string} | undefined;
  /** Lines of monitors, which are the driver's affair. */
  readonly monitorChardevs = new Set<string>();
  readonly kept: NativeArg[] = [];
  /** Properties of devices that the XML has no word for. */
  readonly overrides: QemuOverride[] = [];
  readonly problems = new ProblemList();
  readonly notes: Problem[] = [];

  constructor(
    binary: NativeWord,
    init: {
      readonly arch: string;
      readonly machine: string;
      readonly environment: ReadonlyMap<string, string>;
      readonly directory: string | undefined;
    },
  ) {
    this.binary = binary.text;
    this.arch = init.arch;
    this.machine = init.machine;
    this.environment = init.environment;
    this.directory = init.directory;
  }

  get isX86(): boolean {
    return this.arch === 'x86_64' || this.arch === 'i686';
  }

  /** Keeps an option as `qemu:arg`, and says so. */
  keep(arg: NativeArg, why = 'the domain XML has no word for it'): void {
    this.kept.push(arg);
    this.warn(arg, `'${shortened(arg.words.join(' '))}' is kept as <qemu:arg>: ${why}`);
  }

  warn(place: WordPlace, message: string): void {
    this.problems.add('warning', message, () => place);
  }

  error(place: WordPlace, message: string): void {
    this.problems.add('error', message, () => place);
  }

  /** Says what is left out because the driver or its configuration sees to it. */
  note(arg: NativeArg, message: string): void {
    this.notes.push({severity: 'warning', line: arg.line, column: arg.column, message: `${arg.option}: ${message}`});
  }

  /** Warns about each part of an option that nobody took. */
  warnRest(arg: NativeArg, bag: OptionBag): void {
    for (const {text} of bag.rest) {
      this.warn(arg, `'${shortened(text)}' of ${arg.option} is left out: the domain XML has no word for it`);
    }
  }

  /** Keeps the parts that nobody took as an option of their own, which the emulator reads together with the driver's. */
  keepRest(arg: NativeArg, bag: OptionBag): void {
    const {rest} = bag;
    if (rest.length === 0) return;
    const value = rest.map(({text}) => text.replaceAll(',', ',,')).join(',');
    this.keep({...arg, value, words: [arg.option, value]});
  }

  /** A path as the XML has it: an absolute one; warned about where it cannot be made one. */
  path(arg: NativeArg, path: string): string {
    if (path.startsWith('/')) return path;
    if (this.directory !== undefined) return `${this.directory === '/' ? '' : this.directory}/${path}`;
    this.hasRelativePath = true;
    this.warn(arg, `'${shortened(path)}' of ${arg.option} is a relative path: a domain needs an absolute one`);
    return path;
  }
}
