import {useCallback, useRef, useSyncExternalStore} from 'react';
import type {Store} from '../app/store.ts';

/**
 * What a component needs of the state; it renders again only when that changed.
 *
 * @param isEqual  when true, the value before is kept and nothing is rendered
 */
export function useSelect<S, T>(
  store: Store<S>,
  select: (state: S) => T,
  isEqual: (a: T, b: T) => boolean = Object.is,
): T {
  const last = useRef<{readonly state: S; readonly select: (state: S) => T; readonly value: T}>(undefined);
  const snapshot = () => {
    const state = store.get();
    const before = last.current;
    if (before?.state === state && before.select === select) return before.value;
    const next = select(state);
    const value = before && isEqual(before.value, next) ? before.value : next;
    last.current = {state, select, value};
    return value;
  };
  const subscribe = useCallback(
    (changed: () => void) => {
      const subscription = store.subscribe(changed);
      return () => subscription.dispose();
    },
    [store],
  );
  return useSyncExternalStore(subscribe, snapshot);
}

/** Two lists with the same items in the same order. */
export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, at) => Object.is(item, b[at])));
}

/** Two objects with the same values under the same keys; lists in them are compared item by item. */
export function sameFields<T extends object>(a: T, b: T): boolean {
  const left = Object.entries(a);
  const right = new Map<string, unknown>(Object.entries(b));
  return (
    left.length === right.size &&
    left.every(([key, value]) => {
      const other = right.get(key);
      return Array.isArray(value) && Array.isArray(other) ? sameItems(value, other) : Object.is(value, other);
    })
  );
}
