import {describe, expect, test} from 'vitest';
import {findImports, readSourceFiles} from './source-files.ts';

type Layer = keyof typeof LAYERS;

/** What a layer may import from which other: values and types, or types only. The table of docs/architecture.md. */
const LAYERS = {
  base: {},
  model: {base: 'values'},
  host: {base: 'values'},
  monitor: {base: 'values', model: 'types', host: 'types'},
  security: {base: 'values', model: 'values', host: 'types'},
  driver: {base: 'values', model: 'values', host: 'values', monitor: 'values', security: 'values'},
  remote: {base: 'values', model: 'values', host: 'types'},
  app: {base: 'values', model: 'values', host: 'types'},
  ui: {base: 'values', model: 'types', monitor: 'types', app: 'values'},
  views: {base: 'values', model: 'values', app: 'values', ui: 'values'},
  cli: {
    base: 'values',
    model: 'values',
    host: 'values',
    monitor: 'values',
    security: 'values',
    driver: 'values',
    remote: 'values',
    app: 'values',
    ui: 'values',
    views: 'values',
  },
} as const satisfies Record<string, Readonly<Record<string, 'values' | 'types'>>>;

/** Packages with one home: who else wants them goes through that layer. */
const PACKAGES: Readonly<Record<string, readonly Layer[]>> = {
  'node-pty': ['host'],
  'fast-xml-parser': ['model'],
  ink: ['ui', 'views', 'cli'],
  'ink-select-input': ['ui', 'views'],
  react: ['ui', 'views', 'cli'],
  blessed: ['ui'],
  'blessed-contrib': ['ui'],
};

const files = readSourceFiles('src');
const layerOf = (file: string) => file.split('/')[1] ?? '';

function allowance(from: string, to: string): 'values' | 'types' | undefined {
  const rows: Readonly<Record<string, Readonly<Record<string, 'values' | 'types'>>>> = LAYERS;
  return from === to ? 'values' : rows[from]?.[to];
}

describe('layers', () => {
  test('there are sources, each in a layer of the table', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.map(file => file.path).filter(path => !(layerOf(path) in LAYERS))).toEqual([]);
  });

  test('every import is one that the table allows', () => {
    const breaches = files.flatMap(file =>
      file.imports
        .filter(({target}) => target?.startsWith('src/'))
        .filter(({target, typeOnly}) => {
          const allowed = allowance(layerOf(file.path), layerOf(target ?? ''));
          return allowed === undefined || (allowed === 'types' && !typeOnly);
        })
        .map(({target, typeOnly}) => `${file.path} imports ${typeOnly ? 'types' : 'values'} of ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  test('packages are imported by the layers that own them', () => {
    const breaches = files.flatMap(file =>
      file.imports
        .filter(({specifier}) => {
          const owners: readonly string[] | undefined = PACKAGES[specifier];
          return owners !== undefined && !owners.includes(layerOf(file.path));
        })
        .map(({specifier}) => `${file.path} imports ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });
});

describe('the reader of imports', () => {
  const read = (text: string) => findImports('src/ui/pane.ts', text);

  test('tells types from values', () => {
    expect(read("import type {A} from './a.ts';\nimport {type B, type C} from '../app/b.ts';")).toEqual([
      {specifier: './a.ts', target: 'src/ui/a.ts', typeOnly: true},
      {specifier: '../app/b.ts', target: 'src/app/b.ts', typeOnly: true},
    ]);
    expect(read("import {type B, c} from '../app/b.ts';")[0]?.typeOnly).toBe(false);
    expect(read("import Default, {type B} from 'pkg';")[0]?.typeOnly).toBe(false);
  });

  test('sees statements over several lines, re-exports, bare and dynamic imports', () => {
    const text =
      "import {\n  a,\n  b,\n} from './a.ts';\nexport * from './b.ts';\nimport './c.ts';\nawait import('./d.ts');";
    expect(read(text).map(({specifier}) => specifier)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts']);
  });

  test('does not see imports in comments', () => {
    expect(read("// import {a} from './a.ts';\n/* import('./b.ts') */")).toEqual([]);
  });
});
