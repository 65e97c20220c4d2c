import type {CommandId} from '../app/command-ids.ts';

/** Where a key is valid: the pane with the focus, what is in front of it, or everywhere. */
export const CONTEXTS = [
  'global',
  'domains',
  'scrolling',
  'tree',
  'capabilities',
  'console',
  'saving',
  'typing',
  'monitor',
  'filter',
  'command',
  'import',
  'line',
  'confirm',
  'menu',
  'help',
  'review',
  'imported',
  'naming',
  'access',
  'remedies',
  'document',
  'display',
  'display-line',
  'display-keys',
  'found',
  'search',
  'panes',
  'everywhere',
] as const;
export type KeyContext = (typeof CONTEXTS)[number];

/** How the help calls a context. */
export const CONTEXT_TITLES: Readonly<Record<KeyContext, string>> = {
  global: 'Everywhere but where text is typed',
  domains: 'List of domains',
  scrolling: 'Detail, XML, command line',
  tree: 'Capabilities and security',
  capabilities: 'Capabilities',
  console: 'Console, not typing',
  saving: 'Console: where its history is written to',
  typing: 'Console, typing',
  monitor: 'Monitor',
  filter: 'Filter',
  command: 'Command line',
  import: 'Import: where from',
  line: 'Editing a line',
  confirm: 'Question',
  menu: 'Menu',
  help: 'Help and messages',
  review: 'Edited XML',
  imported: 'Imported command line',
  naming: 'Name of an imported domain',
  access: 'Access of a guest, with commands that would help',
  remedies: 'Commands that would help',
  document: 'XML and command line',
  display: 'Screen of a guest',
  'display-line': 'Screen of a guest, typing a line',
  'display-keys': 'Screen of a guest, on its keyboard',
  found: 'XML, command line and monitor, after a search',
  search: 'Search',
  panes: 'Any pane',
  everywhere: 'Always, but not while typing into a console',
};

/** A key, what it asks for and where. */
export interface KeyBinding {
  readonly context: KeyContext;
  /** Names as `decodeKey` gives them. */
  readonly keys: readonly string[];
  readonly command: CommandId;
  /** Shown in the hint bar: a word or two; the lower the rank the sooner. */
  readonly hint?: string;
  readonly rank?: number;
}

/** Every key of the program. */
export const KEYMAP: readonly KeyBinding[] = [
  {context: 'global', keys: ['?', 'f1'], command: 'help', hint: 'help', rank: 0},
  {context: 'global', keys: ['q'], command: 'quit', hint: 'quit', rank: 0},
  {context: 'global', keys: ['/'], command: 'filter.open', hint: 'filter', rank: 9},
  {context: 'global', keys: [':'], command: 'command.open'},
  {context: 'global', keys: ['c'], command: 'console.open', hint: 'console', rank: 1},
  {context: 'global', keys: ['m'], command: 'monitor.open', hint: 'monitor', rank: 4},
  {context: 'global', keys: ['v'], command: 'display.open', hint: 'screen', rank: 4},
  {context: 'global', keys: ['s'], command: 'do.start', hint: 'start', rank: 2},
  {context: 'global', keys: ['d'], command: 'do.shutdown', hint: 'shut down', rank: 3},
  {context: 'global', keys: ['b'], command: 'do.reboot'},
  {context: 'global', keys: ['R'], command: 'do.reset'},
  {context: 'global', keys: ['K'], command: 'do.destroy', hint: 'force off', rank: 6},
  {context: 'global', keys: ['p'], command: 'domain.pause', hint: 'pause/resume', rank: 7},
  {context: 'global', keys: ['o'], command: 'domain.menu', hint: 'actions', rank: 5},
  {context: 'global', keys: ['x'], command: 'domain.xml', hint: 'XML', rank: 8},
  {context: 'global', keys: ['a'], command: 'domain.command-line', hint: 'command line', rank: 9},
  {context: 'global', keys: ['E'], command: 'domain.explain', hint: 'access', rank: 9},
  {context: 'global', keys: ['e'], command: 'domain.edit', hint: 'edit', rank: 9},
  {context: 'global', keys: ['i'], command: 'import.open', hint: 'import', rank: 9},
  {context: 'global', keys: ['z'], command: 'pane.zoom', hint: 'zoom', rank: 9},
  {context: 'global', keys: ['esc'], command: 'pane.back'},
  {context: 'global', keys: ['!'], command: 'messages.show'},
  {context: 'global', keys: [']'], command: 'domain.next'},
  {context: 'global', keys: ['['], command: 'domain.previous'},
  {context: 'global', keys: ['1'], command: 'pane.domains'},
  {context: 'global', keys: ['2'], command: 'pane.detail'},
  {context: 'global', keys: ['3'], command: 'pane.console'},
  {context: 'global', keys: ['4'], command: 'pane.monitor'},
  {context: 'global', keys: ['5'], command: 'pane.capabilities'},
  {context: 'global', keys: ['6'], command: 'pane.security'},

  {context: 'domains', keys: ['down', 'j'], command: 'domain.next'},
  {context: 'domains', keys: ['up', 'k'], command: 'domain.previous'},
  {context: 'domains', keys: ['home', 'g'], command: 'domain.first'},
  {context: 'domains', keys: ['end', 'G'], command: 'domain.last'},
  {context: 'domains', keys: ['enter'], command: 'domain.open', hint: 'look', rank: 1},

  {context: 'scrolling', keys: ['down', 'j'], command: 'scroll.down'},
  {context: 'scrolling', keys: ['up', 'k'], command: 'scroll.up'},
  {context: 'scrolling', keys: ['pgdn', ' ', 'ctrl-f'], command: 'scroll.page-down'},
  {context: 'scrolling', keys: ['pgup', 'ctrl-b'], command: 'scroll.page-up'},
  {context: 'scrolling', keys: ['home', 'g'], command: 'scroll.top'},
  {context: 'scrolling', keys: ['end', 'G'], command: 'scroll.bottom'},

  {context: 'tree', keys: ['enter'], command: 'tree.toggle', hint: 'unfold/fold', rank: 1},
  {context: 'tree', keys: ['right', 'l'], command: 'tree.open'},
  {context: 'tree', keys: ['left', 'h'], command: 'tree.close'},
  {context: 'tree', keys: ['+', '='], command: 'tree.open-all', hint: 'unfold all', rank: 4},
  {context: 'tree', keys: ['-'], command: 'tree.close-all', hint: 'fold all', rank: 4},
  {context: 'tree', keys: ['/'], command: 'search.open', hint: 'search', rank: 1},
  {context: 'tree', keys: ['n'], command: 'search.next'},
  {context: 'tree', keys: ['N'], command: 'search.previous'},
  {context: 'capabilities', keys: ['x'], command: 'capabilities.xml', hint: 'XML', rank: 2},
  {context: 'tree', keys: ['y'], command: 'tree.copy', hint: 'copy', rank: 2},
  {context: 'tree', keys: ['down', 'j'], command: 'tree.next'},
  {context: 'tree', keys: ['up', 'k'], command: 'tree.previous'},
  {context: 'tree', keys: ['pgdn', ' ', 'ctrl-f'], command: 'tree.page-down'},
  {context: 'tree', keys: ['pgup', 'ctrl-b'], command: 'tree.page-up'},
  {context: 'tree', keys: ['home', 'g'], command: 'tree.first'},
  {context: 'tree', keys: ['end', 'G'], command: 'tree.last'},

  {context: 'console', keys: ['enter'], command: 'console.type', hint: 'type', rank: 1},
  {context: 'console', keys: ['/'], command: 'search.open', hint: 'search', rank: 3},
  {context: 'console', keys: ['n'], command: 'search.next'},
  {context: 'console', keys: ['N'], command: 'search.previous'},
  {context: 'console', keys: ['l'], command: 'console.newline', hint: 'newline', rank: 5},
  {context: 'console', keys: ['t'], command: 'console.device', hint: 'next line', rank: 5},
  {context: 'console', keys: ['T'], command: 'console.times', hint: 'times', rank: 5},
  {context: 'console', keys: ['y'], command: 'console.copy', hint: 'copy', rank: 4},
  {context: 'console', keys: ['w'], command: 'console.save', hint: 'save', rank: 4},
  {context: 'console', keys: ['down', 'j'], command: 'scroll.down'},
  {context: 'console', keys: ['up', 'k'], command: 'scroll.up'},
  {context: 'console', keys: ['pgdn', ' '], command: 'scroll.page-down'},
  {context: 'console', keys: ['pgup'], command: 'scroll.page-up', hint: 'history', rank: 2},
  {context: 'console', keys: ['home', 'g'], command: 'scroll.top'},
  {context: 'console', keys: ['end', 'G'], command: 'scroll.bottom'},

  {context: 'saving', keys: ['enter'], command: 'save.take', hint: 'write', rank: 1},
  {context: 'saving', keys: ['tab'], command: 'import.complete', hint: 'complete', rank: 1},
  {context: 'saving', keys: ['esc', 'ctrl-c'], command: 'save.close', hint: 'close', rank: 1},

  {
    context: 'typing',
    keys: ['ctrl-]'],
    command: 'console.leave',
    hint: 'leaves the console; every other key goes to the guest',
    rank: 0,
  },

  {context: 'monitor', keys: ['enter'], command: 'monitor.run', hint: 'run', rank: 1},
  {context: 'monitor', keys: ['tab'], command: 'monitor.complete', hint: 'complete', rank: 1},
  {context: 'monitor', keys: ['/'], command: 'search.open', hint: 'search', rank: 3},
  {context: 'monitor', keys: ['ctrl-t'], command: 'monitor.events', hint: 'events', rank: 3},
  {context: 'monitor', keys: ['up', 'ctrl-p'], command: 'monitor.older', hint: 'history', rank: 2},
  {context: 'monitor', keys: ['down', 'ctrl-n'], command: 'monitor.newer'},
  {context: 'monitor', keys: ['pgup'], command: 'scroll.page-up', hint: 'scroll', rank: 3},
  {context: 'monitor', keys: ['pgdn'], command: 'scroll.page-down'},
  {context: 'monitor', keys: ['esc'], command: 'pane.back', hint: 'back', rank: 0},

  {context: 'filter', keys: ['enter'], command: 'filter.take', hint: 'keep', rank: 1},
  {context: 'filter', keys: ['esc', 'ctrl-c'], command: 'filter.clear', hint: 'clear', rank: 1},
  {context: 'filter', keys: ['down'], command: 'domain.next'},
  {context: 'filter', keys: ['up'], command: 'domain.previous'},

  {context: 'command', keys: ['enter'], command: 'command.run', hint: 'run', rank: 1},
  {context: 'command', keys: ['tab'], command: 'command.complete', hint: 'complete', rank: 1},
  {context: 'command', keys: ['up', 'ctrl-p'], command: 'command.older'},
  {context: 'command', keys: ['down', 'ctrl-n'], command: 'command.newer'},
  {context: 'command', keys: ['esc', 'ctrl-c'], command: 'command.close', hint: 'close', rank: 1},

  {context: 'import', keys: ['enter'], command: 'import.read', hint: 'read', rank: 1},
  {context: 'import', keys: ['tab'], command: 'import.complete', hint: 'complete', rank: 1},
  {context: 'import', keys: ['esc', 'ctrl-c'], command: 'import.close', hint: 'close', rank: 1},

  {context: 'line', keys: ['left'], command: 'line.left'},
  {context: 'line', keys: ['right'], command: 'line.right'},
  {context: 'line', keys: ['home', 'ctrl-a'], command: 'line.home'},
  {context: 'line', keys: ['end', 'ctrl-e'], command: 'line.end'},
  {context: 'line', keys: ['backspace'], command: 'line.backspace'},
  {context: 'line', keys: ['delete', 'ctrl-d'], command: 'line.delete'},
  {context: 'line', keys: ['ctrl-w'], command: 'line.delete-word'},
  {context: 'line', keys: ['ctrl-u'], command: 'line.delete-to-start'},
  {context: 'line', keys: ['ctrl-k'], command: 'line.delete-to-end'},

  {context: 'confirm', keys: ['y'], command: 'modal.yes', hint: 'yes', rank: 1},
  {context: 'confirm', keys: ['n', 'esc', 'q', 'ctrl-c'], command: 'modal.no', hint: 'no', rank: 2},

  {context: 'menu', keys: ['esc', 'ctrl-c'], command: 'modal.close', hint: 'close', rank: 1},

  {context: 'help', keys: ['esc', 'q', '?', 'enter'], command: 'modal.close', hint: 'close', rank: 1},
  {context: 'help', keys: ['down', 'j'], command: 'scroll.down', hint: 'scroll', rank: 2},
  {context: 'help', keys: ['up', 'k'], command: 'scroll.up'},
  {context: 'help', keys: ['pgdn', ' '], command: 'scroll.page-down'},
  {context: 'help', keys: ['pgup'], command: 'scroll.page-up'},
  {context: 'help', keys: ['home', 'g'], command: 'scroll.top'},
  {context: 'help', keys: ['end', 'G'], command: 'scroll.bottom'},

  {context: 'review', keys: ['y'], command: 'edit.define', hint: 'define it', rank: 0},
  {context: 'review', keys: ['e'], command: 'edit.again', hint: 'edit again', rank: 0},
  {
    context: 'review',
    keys: ['n', 'esc', 'q', 'ctrl-c'],
    command: 'edit.later',
    hint: 'not now, keep the text',
    rank: 0,
  },
  {context: 'review', keys: ['v'], command: 'review.validate', hint: 'validate', rank: 1},
  {context: 'review', keys: ['X'], command: 'edit.discard', hint: 'throw it away', rank: 1},

  {context: 'imported', keys: ['y'], command: 'import.define', hint: 'define it', rank: 0},
  {context: 'imported', keys: ['r'], command: 'import.name', hint: 'name it', rank: 0},
  {context: 'imported', keys: ['e'], command: 'import.edit', hint: 'edit', rank: 0},
  {
    context: 'imported',
    keys: ['n', 'esc', 'q', 'ctrl-c'],
    command: 'import.later',
    hint: 'not now, keep it',
    rank: 0,
  },
  {context: 'imported', keys: ['v'], command: 'review.validate', hint: 'validate', rank: 1},
  {context: 'imported', keys: ['X'], command: 'import.discard', hint: 'throw it away', rank: 1},

  {context: 'naming', keys: ['enter'], command: 'naming.take', hint: 'take', rank: 1},
  {context: 'naming', keys: ['esc', 'ctrl-c'], command: 'naming.close', hint: 'close', rank: 1},

  {context: 'display', keys: ['esc', 'q', 'v', 'ctrl-c'], command: 'modal.close', hint: 'close', rank: 0},
  {context: 'display', keys: ['r'], command: 'display.refresh', hint: 'refresh', rank: 1},
  {context: 'display', keys: ['t'], command: 'display.type', hint: 'line', rank: 1},
  {context: 'display', keys: ['i'], command: 'display.keys', hint: 'keyboard', rank: 1},
  {context: 'display', keys: ['D'], command: 'do.ctrl-alt-del', hint: 'Ctrl-Alt-Del', rank: 2},
  {context: 'display', keys: ['+', '='], command: 'display.zoom-in', hint: 'zoom', rank: 1},
  {context: 'display', keys: ['-'], command: 'display.zoom-out'},
  {context: 'display', keys: ['left', 'h'], command: 'display.left'},
  {context: 'display', keys: ['right', 'l'], command: 'display.right'},
  {context: 'display', keys: ['up', 'k'], command: 'display.up'},
  {context: 'display', keys: ['down', 'j'], command: 'display.down'},
  {context: 'display', keys: ['w'], command: 'display.save', hint: 'save', rank: 2},
  {context: 'display', keys: ['o'], command: 'domain.menu', hint: 'more keys', rank: 1},
  {context: 'display', keys: ['s'], command: 'do.start', hint: 'start', rank: 3},

  {context: 'display-line', keys: ['enter'], command: 'display.send', hint: 'type it', rank: 1},
  {context: 'display-line', keys: ['esc', 'ctrl-c'], command: 'display.type-close', hint: 'close', rank: 1},

  {
    context: 'display-keys',
    keys: ['ctrl-]'],
    command: 'display.keys-leave',
    hint: "leave; every other key goes to the guest's keyboard (US layout)",
    rank: 0,
  },

  {context: 'access', keys: ['r', 'enter'], command: 'remedy.show', hint: 'what would help', rank: 0},
  {context: 'remedies', keys: ['r', 'enter'], command: 'remedy.ask', hint: 'run it', rank: 0},
  {context: 'remedies', keys: ['down', 'j'], command: 'remedy.next', hint: 'next command', rank: 1},
  {context: 'remedies', keys: ['up', 'k'], command: 'remedy.previous'},

  {context: 'document', keys: ['esc', 'q', 'ctrl-c'], command: 'modal.close', hint: 'close', rank: 0},
  {context: 'document', keys: ['tab'], command: 'document.page', hint: 'next text', rank: 1},
  {context: 'document', keys: ['/'], command: 'search.open', hint: 'search', rank: 2},
  {context: 'document', keys: ['y'], command: 'document.copy', hint: 'copy', rank: 2},

  {context: 'found', keys: ['n'], command: 'search.next', hint: 'next match', rank: 3},
  {context: 'found', keys: ['N'], command: 'search.previous', hint: 'previous', rank: 4},

  {context: 'search', keys: ['enter'], command: 'search.take', hint: 'search', rank: 1},
  {context: 'search', keys: ['esc', 'ctrl-c'], command: 'search.close', hint: 'close', rank: 1},

  {context: 'panes', keys: ['tab'], command: 'pane.next', hint: 'next pane', rank: 8},
  {context: 'panes', keys: ['shift-tab'], command: 'pane.previous'},
  {context: 'everywhere', keys: ['ctrl-z'], command: 'suspend'},
  {context: 'everywhere', keys: ['ctrl-c'], command: 'quit'},
];

/** What a key asks for, looked up in the contexts from the front to the back. */
export function findCommand(contexts: readonly KeyContext[], key: string): CommandId | undefined {
  for (const context of contexts) {
    const binding = KEYMAP.find(candidate => candidate.context === context && candidate.keys.includes(key));
    if (binding) return binding.command;
  }
  return undefined;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  home: 'Home',
  end: 'End',
  pgup: 'PgUp',
  pgdn: 'PgDn',
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  backspace: 'Backspace',
  delete: 'Del',
  ' ': 'Space',
  f1: 'F1',
};

/** A key as it is written on the keyboard. */
export function keyLabel(key: string): string {
  if (key.startsWith('ctrl-')) return `Ctrl-${key.slice(5).toUpperCase()}`;
  return KEY_NAMES[key] ?? key;
}

/** The key table of the documentation, in Markdown: one section for each context. */
export function keyTableMarkdown(help: (command: CommandId) => string): string {
  return CONTEXTS.map(context => {
    const rows = KEYMAP.filter(binding => binding.context === context).map(binding => {
      const keys = binding.keys.map(key => `\`${keyLabel(key)}\``).join(', ');
      return `| ${keys} | ${help(binding.command)} |`;
    });
    return [`### ${CONTEXT_TITLES[context]}`, '', '| key | what it does |', '|---|---|', ...rows, ''].join('\n');
  }).join('\n');
}
