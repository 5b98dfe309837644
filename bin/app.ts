import { setFlagsFromString } from 'node:v8';
import { buildApp } from '../lib/app';

// The template validator is WebAssembly that runs once: optimising it costs a second more than it saves.
setFlagsFromString('--liftoff-only');

void buildApp(process.env);
