import {createRequire} from 'node:module';

/** A function of a library without types. */
export type ForeignFunction = (...args: readonly unknown[]) => unknown;

/** The files of blessed-contrib that are used, by their own paths: the package's index loads maps and markdown too. */
export type WidgetName = 'charts/line' | 'charts/bar' | 'sparkline' | 'gauge';

/** What charts need of blessed and blessed-contrib, neither of which has types. */
export interface BlessedLibrary {
  /** Makes a screen; it installs no handlers on this process. */
  createScreen(options: Readonly<Record<string, unknown>>): object;
  createWidget(name: WidgetName, options: Readonly<Record<string, unknown>>): object;
}

/** Handlers that blessed puts on the process, and takes off again by these names when its last screen goes. */
const SCREEN_HANDLERS = ['_exceptionHandler', '_sigtermHandler', '_sigintHandler', '_sigquitHandler', '_exitHandler'];

/**
 * Loads blessed, which takes some 80 ms: at the first chart, never at the start. It stays outside of the bundle, since
 * its sources are not strict mode.
 */
export function loadBlessedLibrary(): BlessedLibrary {
  const require = createRequire(import.meta.url);
  const load = (id: string): object => toObject(require(id), id);
  const blessed = load('blessed');
  return {
    createScreen(options) {
      keepHandlersOff(blessed);
      return toObject(methodOf(blessed, 'screen')(options), 'screen');
    },
    createWidget(name, options) {
      const id = `blessed-contrib/lib/widget/${name}`;
      return toObject(toFunction(require(id), id)(options), name);
    },
  };
}

/**
 * Keeps blessed off the process: its listeners for SIGTERM, SIGINT and SIGQUIT would replace the default of the signal,
 * and its own exit listener reorders everybody else's. It forgets this with its last screen, so it is told for each.
 *
 * @see blessed 0.1.81, lib/widgets/screen.js Screen.bind and Screen.destroy; lib/program.js Program.bind
 */
function keepHandlersOff(blessed: object): void {
  const ignore = () => undefined;
  const screen = memberOf(blessed, 'Screen');
  const program = memberOf(blessed, 'Program');
  for (const name of SCREEN_HANDLERS) Reflect.set(screen, name, ignore);
  Reflect.set(program, '_exitHandler', ignore);
  Reflect.set(screen, '_bound', true);
  Reflect.set(program, '_bound', true);
}

/** A method of a foreign object, bound to it. */
export function methodOf(target: object, name: string): ForeignFunction {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new Error(`blessed: ${name} is ${typeof method}, not a method`);
  return (...args) => Reflect.apply(method, target, args);
}

function memberOf(target: object, name: string): object {
  return toObject(Reflect.get(target, name), name);
}

function toObject(value: unknown, what: string): object {
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') return value;
  throw new Error(`blessed: ${what} is ${typeof value}, not an object`);
}

function toFunction(value: unknown, what: string): ForeignFunction {
  if (typeof value !== 'function') throw new Error(`blessed: ${what} is ${typeof value}, not a function`);
  return (...args) => Reflect.apply(value, undefined, args);
}
