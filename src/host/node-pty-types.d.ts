// The prebuilt package declares its types as the ambient module 'node-pty' in a file that is no module itself.
/// <reference path="../../node_modules/node-pty/node-pty.d.ts" />
