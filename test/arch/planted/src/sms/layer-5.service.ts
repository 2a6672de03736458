import { ThingService } from '../applications/thing.service';

const decorated = (): ClassDecorator => () => undefined;

@decorated()
export class Layer5Service {
  constructor(readonly things: ThingService) {}
}
