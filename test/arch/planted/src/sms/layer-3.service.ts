import { ThingService } from '../applications/thing.service';

const decorated = (): ClassDecorator => () => undefined;

@decorated()
export class Layer3Service {
  constructor(readonly things: ThingService) {}
}
