/** What an emulator said of itself over QMP, so far as flags are read from it. */
export interface ProbeAnswers {
  /** `query-commands`. */
  readonly commands: ReadonlySet<string>;
  /** `query-command-line-options`: the parameters of each option. */
  readonly options: ReadonlyMap<string, ReadonlySet<string>>;
  /** `qom-list-properties` of the classes that its boards belong to; empty before QEMU 2.12. */
  readonly machineProperties: ReadonlySet<string>;
  /** Features of `device_add` in `query-qmp-schema`. */
  readonly deviceAddFeatures: ReadonlySet<string>;
  /** The properties of each kind of `-object` in `query-qmp-schema`; empty before QEMU 6.0. */
  readonly objectProperties: ReadonlyMap<string, ReadonlySet<string>>;
}

/** How a flag is found in what an emulator answered over QMP. */
export type QmpRule = (answers: ProbeAnswers) => boolean;

/** What every emulator that answers QMP has. */
export const always: QmpRule = () => true;

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

/** `device_add` says that it has this feature. */
export function deviceAddFeature(name: string): QmpRule {
  return ({deviceAddFeatures}) => deviceAddFeatures.has(name);
}

/** There is this kind of `-object` and, where one is named, it has this property. */
export function objectType(type: string, property?: string): QmpRule {
  return ({objectProperties}) =>
    property === undefined ? objectProperties.has(type) : (objectProperties.get(type)?.has(property) ?? false);
}
