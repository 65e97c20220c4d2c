import {describe, expect, test} from 'vitest';
import {INITIAL_TREE, type TreeView} from '../../src/app/tree-view.ts';
import {makeTheme} from '../../src/ui/theme.ts';
import {reduceTree, searchTree, type TreeSource} from '../../src/views/tree/reduce-tree.ts';
import {allNodes, type TreeEntry, visibleNodes} from '../../src/views/tree/tree-node.ts';
import {TreeDrawer} from '../../src/views/tree/tree-rows.ts';

const leaf = (key: string, more: Partial<TreeEntry> = {}): TreeEntry => ({key, label: key, ...more});

const ROOTS: readonly TreeEntry[] = [
  {...leaf('host', {value: 'vm', isOpenFirst: true}), children: () => [leaf('cpu', {value: 'fast'}), leaf('memory')]},
  {
    ...leaf('guests'),
    children: () => [
      {...leaf('x86_64'), children: () => [leaf('pc'), leaf('q35', {value: 'also PC-Q35'})]},
      leaf('arm'),
    ],
  },
  leaf('end'),
];

const SOURCE: TreeSource = {visible: toggled => visibleNodes(ROOTS, toggled), all: () => allNodes(ROOTS)};

const idsOf = ({toggled}: TreeView) => SOURCE.visible(toggled).map(({id}) => id);

/** Runs commands one after the other. */
function press(view: TreeView, ...commands: readonly Parameters<typeof reduceTree>[1][]): TreeView {
  return commands.reduce((before, command) => reduceTree(before, command, SOURCE, 3) ?? before, view);
}

describe('a tree', () => {
  test('shows what is open at first, each line by the keys that lead to it', () => {
    expect(idsOf(INITIAL_TREE)).toEqual(['host', 'host/cpu', 'host/memory', 'guests', 'end']);
  });

  test('is unfolded and folded where the cursor is', () => {
    const open = press(INITIAL_TREE, 'tree.next', 'tree.next', 'tree.next', 'tree.toggle');
    expect(idsOf(open)).toEqual(['host', 'host/cpu', 'host/memory', 'guests', 'guests/x86_64', 'guests/arm', 'end']);
    expect(press(open, 'tree.open').cursor).toBe('guests/x86_64');
    expect(press(open, 'tree.open', 'tree.open', 'tree.open').cursor).toBe('guests/x86_64/pc');
    expect(press(open, 'tree.open', 'tree.close').cursor).toBe('guests');
    expect(idsOf(press(open, 'tree.close'))).toEqual(idsOf(INITIAL_TREE));
    expect(idsOf(press(INITIAL_TREE, 'tree.close'))).toEqual(['host', 'guests', 'end']);
  });

  test('is unfolded with everything in it', () => {
    const all = press(INITIAL_TREE, 'tree.last', 'tree.previous', 'tree.open-all');
    expect(idsOf(all)).toEqual([...SOURCE.all().map(({id}) => id)]);
    expect(idsOf(press(all, 'tree.close-all', 'tree.first', 'tree.close-all'))).toEqual(['host', 'guests', 'end']);
    expect(press(INITIAL_TREE, 'tree.last', 'tree.toggle', 'tree.open').cursor).toBe('end');
  });

  test('is walked by lines and pages, to its ends and no further', () => {
    expect(press(INITIAL_TREE, 'tree.previous').cursor).toBe('host');
    expect(press(INITIAL_TREE, 'tree.page-down').cursor).toBe('host/memory');
    expect(press(INITIAL_TREE, 'tree.last', 'tree.next').cursor).toBe('end');
    expect(press(INITIAL_TREE, 'tree.last', 'tree.page-up').cursor).toBe('host/memory');
    expect(press({...INITIAL_TREE, cursor: 'gone'}, 'tree.next').cursor).toBe('host/cpu');
    expect(reduceTree(INITIAL_TREE, 'quit', SOURCE, 3)).toBeUndefined();
    expect(press(INITIAL_TREE, 'tree.next', 'tree.first').cursor).toBe('host');
  });

  test('is searched in what is folded too, around the end', () => {
    const found = searchTree(INITIAL_TREE, 'pc', SOURCE);
    expect(found).toMatchObject({cursor: 'guests/x86_64/pc', search: 'pc'});
    expect(idsOf(found)).toContain('guests/x86_64/q35');
    const next = press(found, 'search.next');
    expect(next.cursor).toBe('guests/x86_64/q35');
    expect(press(next, 'search.next').cursor).toBe('guests/x86_64/pc');
    expect(press(next, 'search.previous').cursor).toBe('guests/x86_64/pc');
    expect(searchTree(next, '', SOURCE).cursor).toBe('guests/x86_64/pc');
    expect(searchTree(INITIAL_TREE, 'nowhere', SOURCE)).toMatchObject({cursor: undefined, search: 'nowhere'});
  });
});

describe('the lines of a tree', () => {
  const plain = makeTheme({LANG: 'C.UTF-8', NO_COLOR: '1'});
  const look = {theme: plain, isFocused: false};
  const nodesOf = (roots: readonly TreeEntry[], ...toggled: readonly string[]) => visibleNodes(roots, new Set(toggled));

  test('have signs, and the values of siblings below each other', () => {
    const {lines} = new TreeDrawer().draw(nodesOf(ROOTS, 'guests'), undefined, {columns: 40, rows: 9}, look);
    expect(lines).toEqual([
      ' ▾ host  vm',
      '     cpu  fast',
      '     memory',
      ' ▾ guests',
      '   ▸ x86_64',
      '     arm',
      '   end',
    ]);
    const ascii = {theme: makeTheme({LANG: 'C'}), isFocused: false};
    const {lines: old} = new TreeDrawer().draw(nodesOf(ROOTS), undefined, {columns: 40, rows: 9}, ascii);
    expect([old[0], old[3]].map(line => line?.replace(/\x1b\[[\d;]*m/g, ''))).toEqual([' - host  vm', ' + guests']);
  });

  test('are those around the cursor, which is marked in a pane with the focus', () => {
    const roots = Array.from({length: 1000}, (_, at) => leaf(`n${at}`));
    const size = {columns: 20, rows: 5};
    const {lines, at} = new TreeDrawer().draw(nodesOf(roots), 'n500', size, {...look, isFocused: true});
    expect(at).toBe(500);
    expect(lines.map(line => line.trim())).toEqual(['n498', 'n499', expect.stringContaining('n500'), 'n501', 'n502']);
    expect(lines[2]).toBe('\x1b[7m   n500            \x1b[27m'.replace('n500            ', 'n500'.padEnd(17)));
  });

  test('are cut, but for a value that is shown whole', () => {
    const value = 'one two three four '.repeat(5).trimEnd();
    const roots = [leaf('a', {value}), leaf('b', {value, wraps: true})];
    const linesAt = (columns: number) =>
      new TreeDrawer().draw(nodesOf(roots), undefined, {columns, rows: 9}, look).lines;
    expect(linesAt(22)).toEqual(['   a  one two three …', '   b  one two three …']);
    expect(linesAt(62)).toEqual([
      '   a  one two three four one two three four one two three fo…',
      '   b  one two three four one two three four one two three',
      '      four one two three four one two three four',
    ]);
    for (const columns of [12, 30, 200]) {
      expect(linesAt(columns).filter(line => line.length > Math.max(columns, 16))).toEqual([]);
    }
  });

  test('of ten thousand cost a draw no more than a screen of them', () => {
    const roots = Array.from({length: 10_000}, (_, at) => leaf(`n${at}`, {value: 'x '.repeat(80), wraps: true}));
    const nodes = nodesOf(roots);
    const drawer = new TreeDrawer();
    drawer.draw(nodes, undefined, {columns: 80, rows: 40}, look);
    const before = performance.now();
    for (let at = 0; at < 100; at++) drawer.draw(nodes, `n${at * 99}`, {columns: 80, rows: 40}, look);
    expect((performance.now() - before) / 100).toBeLessThan(5);
  });
});
