#!/usr/bin/env node
import { main } from './main.service';

// Not `process.exit`: what was written must have left, and a server that was started goes on.
void main(process.argv.slice(2)).then((code) => {
  if (code !== 0) process.exitCode = code;
});
