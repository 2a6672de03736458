#!/usr/bin/env node
import { runServer } from '../start';

void runServer(process);
