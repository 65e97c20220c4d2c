import type {TreeSource} from './reduce-tree.ts';
import {allNodes, type TreeEntry, type TreeNode, visibleNodes} from './tree-node.ts';

/** A tree that is made anew when what it is made of is another: every key and every frame asks for it. */
export class CachedTree<T> {
  readonly #make: (from: T) => readonly TreeEntry[];
  readonly #isSame: (a: T, b: T) => boolean;
  #from: {readonly value: T} | undefined;
  #entries: readonly TreeEntry[] = [];
  #toggled: ReadonlySet<string> | undefined;
  #visible: readonly TreeNode[] = [];
  #all: readonly TreeNode[] | undefined;

  constructor(make: (from: T) => readonly TreeEntry[], isSame: (a: T, b: T) => boolean = Object.is) {
    this.#make = make;
    this.#isSame = isSame;
  }

  of(from: T): TreeSource {
    if (!this.#from || !this.#isSame(from, this.#from.value)) {
      this.#from = {value: from};
      this.#entries = this.#make(from);
      this.#toggled = undefined;
      this.#all = undefined;
    }
    return {
      visible: toggled => {
        if (toggled !== this.#toggled) this.#visible = visibleNodes(this.#entries, toggled);
        this.#toggled = toggled;
        return this.#visible;
      },
      all: () => {
        this.#all ??= allNodes(this.#entries);
        return this.#all;
      },
    };
  }
}
