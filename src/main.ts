import { runServer } from './start';

void runServer(process);
