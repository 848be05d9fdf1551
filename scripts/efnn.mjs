#!/usr/bin/env node
// Runs the TypeScript command line without a build step.
import { tsImport } from 'tsx/esm/api';

await tsImport('./efnn.ts', import.meta.url);
