/** What an emulator said of itself over QMP, so far as flags are read from it. */
export interface ProbeAnswers {
  /** Accelerators that it is built with; empty before QEMU 2.2, when all had TCG. */
  readonly accelerators: ReadonlySet<string>;
  /** `query-commands`. */
  readonly commands: ReadonlySet<string>;
  /** `query-command-line-options`: the parameters of each option. */
  readonly options: ReadonlyMap<string, ReadonlySet<string>>;
  /** `qom-list-properties` of the classes that its boards belong to; empty before QEMU 2.12. */
  readonly machineProperties: ReadonlySet<string>;
  /** Properties of the processor `max`, in `query-cpu-model-expansion`; empty where that is not answered. */
  readonly cpuProperties: ReadonlySet<string>;
  /** Features of `device_add` in `query-qmp-schema`. */
  readonly deviceAddFeatures: ReadonlySet<string>;
  /** The properties of each kind of `-object` in `query-qmp-schema`; empty before QEMU 6.0. */
  readonly objectProperties: ReadonlyMap<string, ReadonlySet<string>>;
  /** Kinds of `-display` in `query-qmp-schema`; empty before QEMU 3.0. */
  readonly displays: ReadonlySet<string>;
  /** Kinds of `-chardev` in `query-qmp-schema`. */
  readonly chardevs: ReadonlySet<string>;
  /** Kinds of `-tpmdev` in `query-qmp-schema`. */
  readonly tpmBackends: ReadonlySet<string>;
}

/** How a flag is found in what an emulator answered over QMP. */
export type QmpRule = (answers: ProbeAnswers) => boolean;

/** What every emulator that answers QMP has. */
export const always: QmpRule = () => true;

/** It is built with this accelerator. */
export function accelerator(name: string): QmpRule {
  return ({accelerators}) => (accelerators.size === 0 ? name === 'tcg' : accelerators.has(name));
}

/** There is a command of this name. */
export function command(name: string): QmpRule {
  return ({commands}) => commands.has(name);
}

/** The command line has this option and, where one is named, the option has this parameter. */
export function option(name: string, parameter?: string): QmpRule {
  return ({options}) => (parameter === undefined ? options.has(name) : (options.get(name)?.has(parameter) ?? false));
}

/** A class of boards has this property. */
export function machineProperty(name: string): QmpRule {
  return ({machineProperties}) => machineProperties.has(name);
}

/** The best processor has this property. */
export function cpuProperty(name: string): QmpRule {
  return ({cpuProperties}) => cpuProperties.has(name);
}

/** `device_add` says that it has this feature. */
export function deviceAddFeature(name: string): QmpRule {
  return ({deviceAddFeatures}) => deviceAddFeatures.has(name);
}

/** There is this kind of `-object` and, where one is named, it has this property. */
export function objectType(type: string, property?: string): QmpRule {
  return ({objectProperties}) =>
    property === undefined ? objectProperties.has(type) : (objectProperties.get(type)?.has(property) ?? false);
}

/** There is this kind of `-object`; taken for granted where an emulator does not say which there are, before 6.0. */
export function oldObjectType(type: string): QmpRule {
  return ({objectProperties}) => objectProperties.size === 0 || objectProperties.has(type);
}

/** There is this kind of `-display`. */
export function display(kind: string): QmpRule {
  return ({displays}) => displays.has(kind);
}

/** There is this kind of `-chardev`. */
export function chardev(kind: string): QmpRule {
  return ({chardevs}) => chardevs.has(kind);
}

/** There is this kind of `-tpmdev`. */
export function tpmBackend(kind: string): QmpRule {
  return ({tpmBackends}) => tpmBackends.has(kind);
}
