import {expect, test} from 'vitest';
import {Store} from '../../src/app/store.ts';

test('notifies once for any number of changes in a turn', () => {
  const pending: (() => void)[] = [];
  const store = new Store({count: 0}, flush => pending.push(flush));
  const heard: number[] = [];
  store.subscribe(() => heard.push(store.get().count));
  for (let round = 0; round < 3; round++) store.update(({count}) => ({count: count + 1}));
  expect(store.get().count).toBe(3);
  expect(heard).toEqual([]);
  for (const flush of pending.splice(0)) flush();
  expect(heard).toEqual([3]);
});

test('does not notify when nothing changed', () => {
  const pending: (() => void)[] = [];
  const store = new Store({count: 0}, flush => pending.push(flush));
  store.update(state => state);
  expect(pending).toEqual([]);
});

test('a listener that unsubscribed hears nothing', () => {
  const store = new Store({count: 0}, flush => flush());
  let heard = 0;
  const subscription = store.subscribe(() => heard++);
  subscription.dispose();
  store.update(() => ({count: 1}));
  expect(heard).toBe(0);
});
