import {render} from 'ink';
import {type AppState, initialState} from '../app/app-state.ts';
import type {EditedFile, EditText} from '../app/edit-text.ts';
import {Sampler} from '../app/sampler.ts';
import {openSession} from '../app/session.ts';
import {Store} from '../app/store.ts';
import {PANES, type PaneId} from '../app/view-state.ts';
import {type Disposable, DisposableStore, disposable} from '../base/disposable.ts';
import type {Picture} from '../base/picture.ts';
import {VirtError} from '../base/virt-error.ts';
import type {Hypervisor} from '../model/hypervisor.ts';
import {clipboardSequence} from '../ui/clipboard.ts';
import {FrameGate, type FrameSink} from '../ui/frame-gate.ts';
import {ImagePlate} from '../ui/inline-image/image-plate.ts';
import {TerminalSurvey} from '../ui/inline-image/terminal-survey.ts';
import {InputRouter} from '../ui/input-router.ts';
import {systemFrameClock} from '../ui/terminal/frame-limit.ts';
import {TerminalInput, type TerminalStdin} from '../ui/terminal-input.ts';
import {type Environment, makeTheme} from '../ui/theme.ts';
import {followAttention} from './attention.ts';
import {CapabilitiesTree} from './capabilities/capabilities-tree.ts';
import {ConsoleDeck} from './console/console-deck.ts';
import {tellNotTyped} from './console/take-over.ts';
import {inputMode} from './contexts.ts';
import {Controller} from './controller.ts';
import {followGraphics} from './display/follow-graphics.ts';
import {computeLayout} from './layout.ts';
import {type InkControls, Screen} from './screen.tsx';
import type {ScreenParts} from './screen-context.ts';
import type {Extents} from './scroll.ts';
import {SecurityTree} from './security/security-tree.ts';
import {endOnSignals, onHangup, stopUntilContinued, unblockOutput} from './terminal-guard.ts';
import type {TreeSources} from './tree/reduce-tree-pane.ts';

/** Terminal output, as `process.stdout` is when it is a terminal. */
export interface TerminalStdout extends NodeJS.WritableStream, Omit<FrameSink, 'once' | 'off'> {
  readonly isTTY?: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** What the screen needs from the program around it. */
export interface ScreenOptions {
  /** Closed by the caller, after the screen has ended. */
  readonly hypervisor: Hypervisor;
  readonly stdin: TerminalStdin;
  readonly stdout: TerminalStdout;
  readonly env: Environment;
  readonly version: string;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Reads a file that the user named. */
  readonly readTextFile: (path: string) => Promise<string>;
  /** The names that the last part of a path can be completed to; directories with `/` at the end. Never fails. */
  readonly listFiles: (path: string) => Promise<readonly string[]>;
  /** Writes a file that the user named and that is not there yet. @returns its absolute path */
  readonly writeNewFile: (path: string, text: string) => Promise<string>;
  /** Writes a picture of a domain into a new file. @returns its absolute path */
  readonly savePicture: (picture: Picture, domain: string) => Promise<string>;
  /** A picture as the bytes of a PNG file. */
  readonly encodePng: (picture: Picture) => Uint8Array;
  readonly editText: EditText;
  /** A line of the command line that is run first, e.g. `console web`. */
  readonly startCommand?: string;
}

/**
 * Shows the screen until the user quits. The first frame waits for the list of domains, for nothing else.
 *
 * @throws {VirtError} OPERATION_UNSUPPORTED without a terminal; whatever the listing fails with
 */
export async function runScreen(options: ScreenOptions): Promise<void> {
  const {stdin, stdout} = options;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new VirtError('OPERATION_UNSUPPORTED', 'NONE', 'cannot open the screen: this is not a terminal', {
      hint: 'run virtty from a terminal, or use a command such as: virtty list --all',
    });
  }
  const owned = new DisposableStore();
  try {
    await new RunningScreen(options, owned).run();
  } finally {
    owned.dispose();
  }
}

/** Who quits at once waits no longer for a terminal that has not answered yet. */
const ANSWERS_OWED_MS = 300;

/** One run of the screen: makes its parts, and takes the terminal for as long as it lasts. */
class RunningScreen {
  readonly #options: ScreenOptions;
  readonly #owned: DisposableStore;
  readonly #store: Store<AppState>;
  readonly #parts: ScreenParts;
  readonly #input: TerminalInput;
  readonly #survey: TerminalSurvey;
  #controls: InkControls | undefined;
  #unblocked: Disposable | undefined;
  #isEndedBySignal = false;
  #isEditing = false;

  constructor(options: ScreenOptions, owned: DisposableStore) {
    const {hypervisor, stdin, stdout, env, version, now, readTextFile, listFiles, writeNewFile, savePicture} = options;
    this.#options = options;
    this.#owned = owned;
    const gate = new FrameGate(stdout);
    const theme = makeTheme(env);
    const {instance, abilities} = hypervisor;
    const store = new Store(initialState({version, instance, abilities, nowMs: now()}), gate.schedule);
    this.#store = store;
    const extents: Extents = new Map();
    const consoles = owned.add(
      new ConsoleDeck({
        hypervisor,
        depth: theme.colours,
        clock: gate.frameClock(systemFrameClock),
        onError: (domain, error) => tellNotTyped(store, domain, error),
      }),
    );
    owned.add(store.subscribe(() => void (store.get().view.typing || consoles.release())));
    const panes = () => this.#panes();
    const quit = () => this.#controls?.exit();
    const suspend = () => void this.#suspend(); // it ends when the program is continued
    const editText: EditText = (text, file) => this.#edit(text, file);
    const copy = (text: string) => void stdout.write(clipboardSequence(text));
    const [tree, securityTree] = [new CapabilitiesTree(), new SecurityTree()];
    const trees: TreeSources = {
      capabilities: state => tree.of(state.capabilities),
      security: state => securityTree.of(state),
    };
    const world = {store, hypervisor, consoles, extents, tree, trees, now, panes};
    const controller = new Controller({
      ...world,
      readTextFile,
      listFiles,
      writeNewFile,
      savePicture,
      quit,
      suspend,
      editText,
      copy,
    });
    const write = (text: string) => void stdout.write(text);
    const plate = new ImagePlate({write, gate, clock: systemFrameClock, encodePng: options.encodePng});
    this.#parts = {store, theme, controller, consoles, extents, tree, securityTree, plate};
    this.#survey = owned.add(new TerminalSurvey({write, env, clock: systemFrameClock, size: () => stdout}));
    const router = new InputRouter({
      mode: () => inputMode(store.get()),
      key: name => controller.key(name),
      paste: text => controller.paste(text),
      raw: bytes => controller.raw(bytes),
      passive: bytes => this.#input.inkStdin.write(bytes),
      replies: this.#survey,
    });
    this.#input = new TerminalInput(stdin, router);
  }

  async run(): Promise<void> {
    const {hypervisor, stdin, stdout, env, now, startCommand} = this.#options;
    const session = this.#owned.add(openSession(hypervisor, this.#store, now));
    await session.listed;
    const sampler = this.#owned.add(new Sampler({store: this.#store, hypervisor, now}));
    const {consoles, controller, theme} = this.#parts;
    const panes = () => this.#visiblePanes();
    this.#owned.add(followAttention({store: this.#store, sampler, consoles, panes}));
    const onResize = (listener: () => void) => {
      stdout.on('resize', listener);
      return disposable(() => stdout.off('resize', listener));
    };
    const hasColours = theme.colours !== 'none';
    this.#owned.add(followGraphics({store: this.#store, survey: this.#survey, env, hasColours, onResize}));
    if (startCommand !== undefined) controller.runLine(startCommand);
    this.#unblocked = unblockOutput(stdout);
    this.#owned.add(disposable(() => this.#unblocked?.dispose()));
    this.#owned.add(onHangup([stdin, stdout], () => this.#controls?.exit()));
    // Before the first frame: what is typed right after it would be echoed by the terminal, into the frame.
    this.#input.start();
    stdout.write('\r'); // the alternate screen keeps the column, and Ink starts there: after an echo, not the first one
    try {
      await this.#show();
      await this.#survey.drain(ANSWERS_OWED_MS);
    } finally {
      this.#input.stop();
    }
    // The signal ends the process; what would follow here must not run before.
    if (this.#isEndedBySignal) await new Promise<never>(() => {});
  }

  /** Draws until the screen is left. */
  async #show(): Promise<void> {
    const instance = this.#render();
    this.#owned.add(
      endOnSignals(
        async () => {
          this.#isEndedBySignal = true;
          instance.unmount();
          await instance.waitUntilExit();
          this.#owned.dispose();
        },
        () => this.#isEditing,
      ),
    );
    await instance.waitUntilExit();
  }

  #render() {
    const {stdout} = this.#options;
    // Ink reads what the router passes to it. It asks for no more of a terminal than `InkStdin` has.
    const stdin: NodeJS.ReadableStream = this.#input.inkStdin;
    return render(<Screen parts={this.#parts} onReady={this.#handleReady} />, {
      stdin,
      stdout,
      alternateScreen: true,
      incrementalRendering: true,
      exitOnCtrlC: false,
      interactive: true,
      patchConsole: false,
      maxFps: 125, // the console limits itself; a key's echo does not wait for a tick of Ink's
    });
  }

  readonly #handleReady = (controls: InkControls): void => {
    this.#controls = controls;
  };

  async #suspend(): Promise<void> {
    await this.#controls?.suspendTerminal(async () => {
      this.#input.stop();
      await stopUntilContinued();
      this.#input.start();
    });
    this.#parts.plate.repaint();
  }

  /** Leaves the terminal to the user's editor. @throws as `editText` does; the screen is back then, too */
  async #edit(text: string, file: EditedFile): Promise<string> {
    const controls = this.#controls;
    if (!controls) throw new Error('the screen is not up yet');
    const edited: string[] = [];
    await controls.suspendTerminal(async () => {
      this.#input.stop();
      // Else the read that is under way takes the editor's first key. Source: Node 24, pausing a tty.ReadStream.
      await new Promise(setImmediate);
      this.#unblocked?.dispose(); // the editor shares the terminal's flags, and expects writes that block
      this.#isEditing = true;
      try {
        edited.push(await this.#options.editText(text, file));
      } finally {
        this.#isEditing = false;
        this.#unblocked = unblockOutput(this.#options.stdout);
        this.#input.start();
      }
    });
    this.#parts.plate.repaint();
    return edited.join('');
  }

  /** Panes that Tab goes through. */
  #panes(): readonly PaneId[] {
    const layout = this.#layout();
    return layout.kind === 'wide' ? layout.panes.map(place => place.pane) : PANES;
  }

  #visiblePanes(): readonly PaneId[] {
    return this.#layout().panes.map(place => place.pane);
  }

  #layout() {
    const {columns, rows} = this.#options.stdout;
    return computeLayout({columns, rows}, this.#store.get().view, 1);
  }
}
