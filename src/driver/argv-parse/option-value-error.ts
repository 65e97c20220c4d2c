/** A value that cannot be read; the place is known to whoever dispatches the option. */
export class OptionValueError extends Error {}
