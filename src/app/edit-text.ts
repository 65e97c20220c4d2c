/** What the file with an edited text is called: after a domain, with an ending that tells an editor what it is. */
export interface EditedFile {
  readonly name: string;
  readonly suffix: '.xml' | '.args';
}

/**
 * Lets the user edit a text in a program that has the terminal for itself.
 *
 * @throws {VirtError} OPERATION_FAILED when there is no editor, or it ended with a failure
 */
export type EditText = (text: string, file: EditedFile) => Promise<string>;
